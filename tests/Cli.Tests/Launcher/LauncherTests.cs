using System.Diagnostics;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Launcher;

/// <summary>
/// The launcher itself, in a clone of a few files, with tools that note how they were called. PATH holds nothing
/// else, so that what the machine has does not matter.
/// </summary>
public sealed class LauncherTests : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        case "$1" in
          --version) cat "$(dirname "$0")/sdk-version" ;;
          build)
            echo "build $2" >> "$(dirname "$0")/builds"
            [ ! -e "$(dirname "$0")/build-fails" ] || { echo 'CS0000: no'; exit 1; }
            mkdir -p "$2/bin/Release/net10.0"
            printf '#!/bin/sh\necho "ran $*"\n' > "$2/bin/Release/net10.0/lambent"
            printf '#!/bin/sh\necho "measured $*"\n' > "$2/bin/Release/net10.0/Load"
            echo > "$2/bin/Release/net10.0/Load.runtimeconfig.json"
            chmod +x "$2/bin/Release/net10.0/lambent" "$2/bin/Release/net10.0/Load" ;;
        esac
        """;

    private static readonly string[] Tools =
        ["bash", "sh", "cat", "dirname", "readlink", "find", "touch", "mv", "mkdir", "rm", "chmod", "flock", "uname",
            "head"];

    private readonly TemporaryFolder folder = new();

    public LauncherTests()
    {
        File.Copy(Path.Combine(Repository.Root, "lambent"), folder.Combine("lambent"));
        foreach (var file in new[]
                 {
                     "Directory.Build.props", "Directory.Packages.props", "global.json", "src/Cli/Cli.csproj",
                     "src/Cli/Program.cs", "src/Cli/Verbs/Up.cs", "runtimes/node/bootstrap.cjs",
                     "bench/Load/Load.csproj",
                 })
        {
            folder.Write(file, "");
        }

        folder.Write("tools/dotnet", Dotnet, executable: true);
        folder.Write("tools/sdk-version", "10.0.401");
        foreach (var tool in Tools)
        {
            File.CreateSymbolicLink(folder.Combine("tools", tool), Find(tool));
        }
    }

    [Fact]
    public async Task Run_freshClone_buildsOnceAndPassesTheArguments()
    {
        var first = await RunAsync("ls", "a b");
        first.Output.ShouldBe("ran ls a b\n");
        first.Error.ShouldContain("building src/Cli");
        var second = await RunAsync("ls");
        second.Output.ShouldBe("ran ls\n");
        second.Error.ShouldBeEmpty();
        Builds().Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("src/Cli/Program.cs")]
    [InlineData("src/Cli/Verbs/Up.cs")]
    [InlineData("runtimes/node/bootstrap.cjs")]
    [InlineData("Directory.Packages.props")]
    public async Task Run_changedSource_buildsAgain(string source)
    {
        await RunAsync("ls");
        File.SetLastWriteTimeUtc(folder.Combine(source), DateTime.Parse("2100-01-01"));
        await RunAsync("ls");
        Builds().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Run_deletedSource_buildsAgain()
    {
        await RunAsync("ls");
        File.Delete(folder.Combine("src", "Cli", "Verbs", "Up.cs"));
        Directory.SetLastWriteTimeUtc(folder.Combine("src", "Cli", "Verbs"), DateTime.Parse("2100-01-01"));
        await RunAsync("ls");
        Builds().Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("src/Cli/obj/project.assets.json")]
    [InlineData("src/Cli/bin/Debug/lambent.dll")]
    [InlineData("runtimes/tests/node.test.mjs")]
    [InlineData("README.md")]
    public async Task Run_otherFileChanged_doesNotBuild(string file)
    {
        await RunAsync("ls");
        File.SetLastWriteTimeUtc(folder.Write(file, ""), DateTime.Parse("2100-01-01"));
        // The folder's own time changed when a file appeared in it; only those of sources count.
        Directory.SetLastWriteTimeUtc(folder.Combine("src", "Cli"), DateTime.Parse("2000-01-01"));
        Directory.SetLastWriteTimeUtc(folder.Combine("runtimes"), DateTime.Parse("2000-01-01"));
        await RunAsync("ls");
        Builds().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Run_twoAtOnce_buildOnce()
    {
        var both = await Task.WhenAll(RunAsync("ls", "1"), RunAsync("ls", "2"));
        both.Select(result => result.Output).ShouldBe(["ran ls 1\n", "ran ls 2\n"]);
        Builds().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Run_brokenSource_showsTheErrorsAndBuildsNextTime()
    {
        folder.Write("tools/build-fails", "");
        var broken = await RunAsync("ls");
        broken.ExitCode.ShouldBe(1);
        broken.Error.ShouldContain("CS0000: no");
        File.Delete(folder.Combine("tools", "build-fails"));
        (await RunAsync("ls")).Output.ShouldBe("ran ls\n");
    }

    [Theory]
    [InlineData("8.0.404")]
    [InlineData("")]
    public async Task Run_oldSdk_namesTheCommandThatInstallsOne(string version)
    {
        folder.Write("tools/sdk-version", version);
        var result = await RunAsync("ls");
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("sudo apt-get install dotnet-sdk-10.0");
    }

    [Fact]
    public async Task Run_fromElsewhereThroughALink_findsItsClone()
    {
        Directory.CreateDirectory(folder.Combine("elsewhere"));
        File.CreateSymbolicLink(folder.Combine("elsewhere", "lambent"), "../lambent");
        (await RunAsync(folder.Combine("elsewhere"), folder.Combine("elsewhere", "lambent"), ["version"])).Output
            .ShouldBe("ran version\n");
    }

    [Fact]
    public async Task Bench_runsTheLoadGenerator()
    {
        var result = await RunAsync("--quiet", "bench", "warm", "--json");
        result.Output.ShouldBe("measured --quiet warm --json\n");
        Builds().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Up_missingPackageWithoutRoot_namesTheCommandAndExitsWith4()
    {
        folder.Write("tools/id", "#!/bin/sh\necho 1000\n", executable: true);
        var result = await RunAsync("--data", "up", "up");
        result.ExitCode.ShouldBe(4);
        result.Error.ShouldContain("sudo apt-get install -y --no-install-recommends bubblewrap");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Up_missingPackageAsRoot_installsItAndGoesOn()
    {
        folder.Write("tools/id", "#!/bin/sh\necho 0\n", executable: true);
        folder.Write("tools/apt-get", "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/installs\"\n", executable: true);
        var result = await RunAsync("up", "--port", "0");
        result.Output.ShouldBe("ran up --port 0\n");
        File.ReadAllText(folder.Combine("tools", "installs")).ShouldContain("--no-install-recommends bubblewrap");
    }

    [Fact]
    public async Task Up_installFails_saysSo()
    {
        folder.Write("tools/id", "#!/bin/sh\necho 0\n", executable: true);
        folder.Write("tools/apt-get", "#!/bin/sh\nexit 100\n", executable: true);
        var result = await RunAsync("up");
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("apt-get could not install");
    }

    [Fact]
    public async Task OtherVerbs_missingPackage_doNotMind()
    {
        (await RunAsync("ls", "up")).Output.ShouldBe("ran ls up\n");
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        RunAsync(folder.Path, folder.Combine("lambent"), arguments);

    private async Task<CommandResult> RunAsync(string currentFolder, string launcher, string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/bash", [launcher, .. arguments])
            {
                WorkingDirectory = currentFolder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.StartInfo.Environment.Clear();
        process.StartInfo.Environment["PATH"] = folder.Combine("tools");
        process.Start();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, output, await error);
    }

    private string[] Builds() =>
        File.Exists(folder.Combine("tools", "builds")) ? File.ReadAllLines(folder.Combine("tools", "builds")) : [];

    private static string Find(string tool) => new[] { "/usr/bin", "/bin" }
        .Select(bin => Path.Combine(bin, tool))
        .First(File.Exists);
}
