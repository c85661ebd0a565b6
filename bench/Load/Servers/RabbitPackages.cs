using Lambent.Load.Deploying;
using Lambent.Load.Processes;

namespace Lambent.Load.Servers;

/// <summary>
/// RabbitMQ and the Erlang it runs on, from Debian's packages, unpacked into the cache folder: nothing is installed, so
/// no service starts and no root is needed.
/// </summary>
internal sealed class RabbitPackages
{
    private static readonly string[] Names =
    [
        "erlang-base", "erlang-asn1", "erlang-crypto", "erlang-public-key", "erlang-mnesia", "erlang-runtime-tools",
        "erlang-ssl", "erlang-eldap", "erlang-ftp", "erlang-tftp", "erlang-inets", "erlang-snmp", "erlang-os-mon",
        "erlang-parsetools", "erlang-syntax-tools", "erlang-tools", "erlang-xmerl", "rabbitmq-server",
    ];

    private RabbitPackages(string root)
    {
        Erlang = Path.Combine(root, "usr", "lib", "erlang");
        ErlangPrograms = Path.Combine(One(Erlang, "erts-*"), "bin");
        Epmd = Path.Combine(ErlangPrograms, "epmd");
        Server = Path.Combine(
            One(Path.Combine(root, "usr", "lib", "rabbitmq", "lib"), "rabbitmq_server-*"), "sbin", "rabbitmq-server");
    }

    public string Erlang { get; }

    public string ErlangPrograms { get; }

    /// <summary>The names of Erlang's nodes and their ports: each node asks one.</summary>
    public string Epmd { get; }

    /// <summary>A script that becomes the server.</summary>
    public string Server { get; }

    /// <summary>Unpacks what is missing.</summary>
    /// <exception cref="BenchFailureException">There are no such packages: measure without this peer.</exception>
    public static async Task<RabbitPackages> InstallAsync(string cacheFolder, CancellationToken cancellation)
    {
        var folder = Path.Combine(cacheFolder, "rabbitmq");
        if (!Directory.Exists(folder))
        {
            if (ProgramPath.Find("apt-get") is null || ProgramPath.Find("dpkg-deb") is null)
            {
                throw new BenchFailureException("RabbitMQ comes from Debian's packages, and this is not Debian.");
            }

            // Moved into place whole, so that what a run left half-way is not taken for it.
            var unfinished = Directory.CreateDirectory($"{folder}.{Guid.CreateVersion7()}").FullName;
            try
            {
                await ChildProcess.RunAsync("apt-get", ["download", "--quiet", .. Names], cancellation, unfinished);
                var root = Path.Combine(unfinished, "root");
                foreach (var package in Directory.GetFiles(unfinished, "*.deb"))
                {
                    await ChildProcess.RunAsync("dpkg-deb", ["--extract", package, root], cancellation);
                    File.Delete(package);
                }

                Directory.Move(root, folder);
            }
            finally
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }

        return new RabbitPackages(folder);
    }

    /// <summary>Writes the program erl, which the server's script looks for on its PATH.</summary>
    public static void WriteErlang(string folder)
    {
        EmbeddedProgram.Write(folder, "peers/erl");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                Path.Combine(folder, "erl"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string One(string folder, string pattern) =>
        (Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern).FirstOrDefault() : null)
        ?? throw new BenchFailureException($"{folder} has no {pattern}; remove the cache of lambent bench.");
}
