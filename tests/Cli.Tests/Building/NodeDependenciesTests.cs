using System.IO.Compression;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Building;

/// <summary>With an npm that only notes how it was called and leaves one package behind.</summary>
public sealed class NodeDependenciesTests : IAsyncDisposable
{
    private const string Npm = """
        #!/bin/sh
        echo "$*" >> "$(dirname "$0")/calls"
        mkdir -p node_modules/left-pad
        echo '{"name":"left-pad"}' > node_modules/left-pad/package.json
        """;

    private readonly CommandLine commandLine = new();
    private readonly string calls;
    private FakeServer? server;

    public NodeDependenciesTests()
    {
        commandLine.Folder.Write("tools/npm", Npm, executable: true);
        commandLine.With("PATH", commandLine.Folder.Combine("tools"));
        calls = commandLine.Folder.Combine("tools", "calls");
        commandLine.Folder.Write("f/index.js", "exports.handler = () => 1;");
        commandLine.Folder.Write("f/package.json", "{\"dependencies\":{\"left-pad\":\"1.3.0\"}}");
    }

    [Fact]
    public async Task Deploy_withLockFile_installsOnceForTheSameLock()
    {
        commandLine.Folder.Write("f/package-lock.json", "{\"lockfileVersion\":3}");
        var function = await DeployAsync();
        Files(function.Zip)
            .ShouldBe(["index.js", "node_modules/left-pad/package.json", "package-lock.json", "package.json"]);
        await commandLine.RunAsync("deploy", "f");
        File.ReadAllLines(calls).ShouldBe(["ci --omit=dev --no-audit --no-fund --loglevel=error"]);
        Directory.Exists(commandLine.Folder.Combine("f", "node_modules")).ShouldBeFalse();

        commandLine.Folder.Write("f/package-lock.json", "{\"lockfileVersion\":3,\"changed\":true}");
        await commandLine.RunAsync("deploy", "f");
        File.ReadAllLines(calls).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Deploy_withoutLockFile_installsByThePackageFile()
    {
        await DeployAsync();
        File.ReadAllText(calls).ShouldStartWith("install --no-package-lock --omit=dev");
    }

    [Fact]
    public async Task Deploy_withInstalledModules_usesThemAndCallsNobody()
    {
        commandLine.Folder.Write("f/node_modules/left-pad/index.js", "own copy");
        var function = await DeployAsync();
        Files(function.Zip).ShouldContain("node_modules/left-pad/index.js");
        File.Exists(calls).ShouldBeFalse();
    }

    [Fact]
    public async Task Deploy_withModulesOlderThanTheLock_installsAnew()
    {
        commandLine.Folder.Write("f/node_modules/left-pad/index.js", "old");
        var hidden = commandLine.Folder.Write("f/node_modules/.package-lock.json", "{}");
        File.SetLastWriteTimeUtc(hidden, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        commandLine.Folder.Write("f/package-lock.json", "{}");
        var function = await DeployAsync();
        Files(function.Zip).ShouldNotContain("node_modules/left-pad/index.js");
        File.Exists(calls).ShouldBeTrue();
    }

    [Fact]
    public async Task Deploy_whenNpmFails_showsItsWordsAndKeepsNothing()
    {
        commandLine.Folder.Write("tools/npm", "#!/bin/sh\necho 'no such package' >&2\nexit 1\n", executable: true);
        var result = await commandLine.RunAsync("deploy", "f", "--dry-run", "--json");
        result.ExitCode.ShouldBe(1);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("BuildFailed");
        result.ErrorJson.GetProperty("message").GetString()!.ShouldContain("no such package");
        Directory.GetFileSystemEntries(commandLine.Folder.Combine("home", ".cache", "lambent", "npm")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deploy_withoutNpm_namesThePackageToInstall()
    {
        File.Delete(commandLine.Folder.Combine("tools", "npm"));
        var result = await commandLine.RunAsync("deploy", "f", "--dry-run", "--json");
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("ToolMissing");
        result.ErrorJson.GetProperty("hint").GetString().ShouldBe("sudo apt-get install npm");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<FakeFunction> DeployAsync()
    {
        server = await FakeServer.StartAsync();
        var function = new FakeFunction(server, "f");
        var result = await commandLine.ConnectTo(server).RunAsync("deploy", "f");
        result.ExitCode.ShouldBe(0, result.Error);
        return function;
    }

    private static IEnumerable<string> Files(byte[] zip) =>
        new ZipArchive(new MemoryStream(zip)).Entries.Select(entry => entry.FullName);
}
