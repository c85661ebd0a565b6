using Lambent.Cli.Building;
using Lambent.Cli.Packaging;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Building;

public sealed class PythonDependenciesTests
{
    [Theory]
    [InlineData("requests\nPyYAML==6.0 # comment\n", "requests,PyYAML")]
    [InlineData("-r other.txt\n--index-url x\n\n# nothing\n", "")]
    [InlineData("six>=1\nvendored_one[extra]; python_version > '3'\nVendored.Two\n", "")]
    [InlineData("dist-only~=2", "")]
    public void Missing_requirements_areThoseThePackageDoesNotHave(string requirements, string expected)
    {
        var content = new PackageContent(new[]
        {
            "six.py", "vendored_one/__init__.py", "vendored_two/__init__.py", "dist_only-2.0.dist-info/METADATA",
        }.Select(path => PackageContent.Generated(path, "")));
        string.Join(',', PythonDependencies.Missing(content, requirements)).ShouldBe(expected);
    }

    [Fact]
    public async Task Deploy_withVendorFolder_putsItBesideTheCode()
    {
        using var commandLine = new CommandLine().With("PATH", "/nowhere");
        commandLine.Folder.Write("f/app.py", "def handler(event, context): pass");
        commandLine.Folder.Write("f/requirements.txt", "six");
        commandLine.Folder.Write("f/vendor/six.py", "x = 1");
        var result = await commandLine.RunAsync("deploy", "f", "--dry-run", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("files").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Deploy_withPip_installsIntoThePackage()
    {
        using var commandLine = new CommandLine();
        commandLine.Folder.Write("tools/python3.12", """
            #!/bin/sh
            while [ $# -gt 0 ]; do [ "$1" = --target ] && echo 'x = 1' > "$2/installed.py"; shift; done
            """, executable: true);
        commandLine.With("PATH", commandLine.Folder.Combine("tools"));
        commandLine.Folder.Write("f/app.py", "def handler(event, context): pass");
        commandLine.Folder.Write("f/requirements.txt", "installed");
        var result = await commandLine.RunAsync("deploy", "f", "--runtime", "python3.12", "--dry-run", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("files").GetInt32().ShouldBe(3);
    }
}
