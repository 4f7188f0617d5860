package dev.culvert.app.sidecar;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** NFS version 3 with its port mapper. Clients have to come from ports below 1024. */
final class NfsServer implements AutoCloseable {
    final Path export;
    private final RunningProcess portMapper;
    private final RunningProcess server;

    NfsServer(NetworkNamespace namespace, Path folder) throws IOException {
        export = Files.createDirectory(folder.resolve("export"));
        Path config = folder.resolve("ganesha.conf");
        Files.writeString(
                config,
                """
                NFS_CORE_PARAM {
                    Protocols = 3; NFS_Port = 2049; MNT_Port = 20048;
                    Enable_NLM = false; Enable_RQUOTA = false;
                }
                EXPORT {
                    Export_Id = 1; Path = %s; Pseudo = /export; Access_Type = RW;
                    Squash = No_Root_Squash; Protocols = 3; SecType = sys; PrivilegedPort = true;
                    FSAL { Name = VFS; }
                }
                """
                        .formatted(export));
        Path run = Files.createDirectory(folder.resolve("run"));
        portMapper = start(namespace, run, "rpcbind", "-f");
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> !namespace.run("ss", "-Hltn", "sport = :111").isBlank(),
                () -> "no port mapper: " + portMapper.output());
        server =
                start(
                        namespace,
                        run,
                        "ganesha.nfsd",
                        "-F",
                        "-L",
                        "STDOUT",
                        "-p",
                        folder.resolve("ganesha.pid").toString(),
                        "-f",
                        config.toString());
        server.awaitOutput("NFS SERVER INITIALIZED", Dist.PATIENCE);
    }

    /**
     * With a /run of its own: there can be only one port mapper to each, and the machine's may be.
     */
    private static RunningProcess start(NetworkNamespace namespace, Path run, String... command) {
        List<String> whole = new ArrayList<>(List.of("sh", "-c"));
        whole.addAll(List.of("mount --bind \"$0\" /run && exec \"$@\"", run.toString()));
        whole.addAll(List.of(command));
        return namespace.start(whole.toArray(String[]::new));
    }

    /** Of a file in the export, at that address. */
    String url(String address, String file) {
        return "nfs://" + address + export + "/" + file;
    }

    @Override
    public void close() {
        server.close();
        portMapper.close();
    }
}
