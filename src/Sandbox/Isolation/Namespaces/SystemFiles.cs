namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// The parts of the host's system that a sandbox sees, all read-only: programs and libraries as they are, and a small
/// /etc of its own that names no user, host or secret of this machine.
/// </summary>
internal sealed class SystemFiles
{
    private static readonly string[] SystemFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>What programs want of /etc and what tells nothing about the host.</summary>
    private static readonly string[] CopiedFiles =
    [
        "ld.so.cache", "localtime", "timezone", "mime.types", "services", "protocols", "gai.conf", "os-release",
        "debian_version", "ca-certificates.conf", "ssl/openssl.cnf",
    ];

    /// <summary>Certificates, which are links into each other and many: shown as they are.</summary>
    private static readonly string[] CertificateFolders = ["/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust"];

    private readonly string folder;
    private readonly List<string> certificateFolders = [];

    /// <param name="folder">Where the made-up /etc is kept; made here.</param>
    public SystemFiles(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var name in CopiedFiles)
        {
            Copy(Path.Combine("/etc", name), Path.Combine(folder, name));
        }

        Write("hosts", "127.0.0.1 localhost.localdomain localhost\n");
        Write("resolv.conf", "");
        Write("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n");
        Write("host.conf", "multi on\n");
        // The environment's own folder has these two, as every environment has its own user.
        File.CreateSymbolicLink(Path.Combine(folder, "passwd"), "/run/lambent/passwd");
        File.CreateSymbolicLink(Path.Combine(folder, "group"), "/run/lambent/group");
        CopyAlternatives();
        foreach (var certificates in CertificateFolders.Where(Directory.Exists))
        {
            Directory.CreateDirectory(folder + certificates["/etc".Length..]);
            certificateFolders.Add(certificates);
        }

        MakeReadable(new DirectoryInfo(folder));
    }

    /// <summary>bubblewrap's arguments that show all this.</summary>
    public IEnumerable<string> Arguments()
    {
        foreach (var argument in (string[])["--ro-bind", "/usr", "/usr"])
        {
            yield return argument;
        }

        foreach (var path in SystemFolders)
        {
            // Where /bin is a link to usr/bin the sandbox has the same link; where it is a folder it is shown.
            var information = new DirectoryInfo(path);
            if (information.Exists)
            {
                yield return information.LinkTarget is null ? "--ro-bind" : "--symlink";
                yield return information.LinkTarget ?? path;
                yield return path;
            }
        }

        foreach (var argument in (string[])["--ro-bind", folder, "/etc"])
        {
            yield return argument;
        }

        foreach (var path in certificateFolders)
        {
            yield return "--ro-bind";
            yield return path;
            yield return path;
        }
    }

    /// <summary>The two files that give the environment's user a name.</summary>
    public static void WriteUser(string folder, uint user)
    {
        File.WriteAllText(
            Path.Combine(folder, "passwd"),
            $"root:x:0:0:root:/:/usr/sbin/nologin\nsandbox:x:{user}:{user}:sandbox:/tmp:/bin/sh\n");
        File.WriteAllText(Path.Combine(folder, "group"), $"root:x:0:\nsandbox:x:{user}:\n");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private static void Copy(string source, string target)
    {
        try
        {
            // A file that is a link (localtime, os-release) is copied as the file it leads to.
            if (File.Exists(source))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(source, target);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // None of them is necessary.
        }
    }

    /// <summary>Debian's choice among programs: links that /usr/bin leads to.</summary>
    private void CopyAlternatives()
    {
        if (!Directory.Exists("/etc/alternatives"))
        {
            return;
        }

        var target = Directory.CreateDirectory(Path.Combine(folder, "alternatives")).FullName;
        foreach (var link in new DirectoryInfo("/etc/alternatives").EnumerateFileSystemInfos())
        {
            if (link.LinkTarget is { } destination)
            {
                File.CreateSymbolicLink(Path.Combine(target, link.Name), destination);
            }
        }
    }

    /// <summary>
    /// The environment's user is nobody on the host: it must be able to read what was copied here. Links are left
    /// alone and never followed, since what they lead to is the host's.
    /// </summary>
    internal static void MakeReadable(DirectoryInfo directory)
    {
        const UnixFileMode readFile =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode readFolder =
            readFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(directory.FullName, readFolder);
        foreach (var entry in directory.EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
        {
            if (entry is DirectoryInfo child)
            {
                MakeReadable(child);
            }
            else
            {
                File.SetUnixFileMode(entry.FullName, readFile);
            }
        }
    }
}
