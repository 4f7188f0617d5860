# Part of e2e.sh: files by NFS, for the stacks that serve them.
nfs_mib=64

# Of the server's folder, as a user of the tunnel writes and reads it.
nfs_round_trip() { # place, URL of the folder, the folder at the server
    [ -f "$scratch/original" ] || head -c "${nfs_mib}M" /dev/urandom >"$scratch/original"
    within_namespace "$1" nfs-cp "$scratch/original" "$2/file"
    within_namespace "$1" nfs-cp "$2/file" "$scratch/copy"
    cmp "$scratch/original" "$3/file" && cmp "$scratch/original" "$scratch/copy"
}
