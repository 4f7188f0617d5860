package dev.culvert.killswitch.policy;

/** From one tunnel into another: connections from these hosts to those, with their answers. */
public record Crossing(Subnet from, Subnet to) {
    /**
     * @throws IllegalArgumentException if they are of different families
     */
    public Crossing {
        if (from.v4() != to.v4()) {
            throw new IllegalArgumentException(from + " and " + to + " do not meet");
        }
    }
}
