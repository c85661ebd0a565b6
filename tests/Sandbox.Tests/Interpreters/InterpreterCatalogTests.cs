using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Sandbox.Interpreters;

namespace Lambent.Sandbox.Tests.Interpreters;

public sealed class InterpreterCatalogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lt-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("LAMBENT_NODE", null);
        Environment.SetEnvironmentVariable("LAMBENT_PYTHON", null);
        Environment.SetEnvironmentVariable("LAMBENT_DOTNET", null);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Operators_choice_is_the_only_one()
    {
        Choose("LAMBENT_NODE", "echo '22.3.1 /opt/node22/bin/node'");
        var interpreter = new InterpreterCatalog("/shims").Find(Runtimes.All["nodejs22.x"]).Value;
        interpreter.Version.ShouldBe("22.3.1");
        interpreter.ReadOnlyFolders.ShouldBe(["/shims/node", "/opt/node22/bin"]);
        interpreter.CommandFor(128).ShouldBe(
        [
            "/opt/node22/bin/node", "--max-old-space-size=115", "--max-semi-space-size=6", "/shims/node/bootstrap.cjs",
        ]);
    }

    [Fact]
    public void Missing_version_is_refused_with_what_is_there()
    {
        Choose("LAMBENT_NODE", "echo '22.3.1 /opt/node22/bin/node'");
        var error = new InterpreterCatalog("/shims").Find(Runtimes.All["nodejs18.x"]).Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.RuntimeMissing);
        error.Message.ShouldContain("nodejs18.x needs node 18");
        error.Message.ShouldContain("found 22.3.1");
        error.Message.ShouldContain("nodejs22.x");
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo nonsense")]
    [InlineData("kill -9 $$")]
    public void Program_that_does_not_answer_is_no_interpreter(string script)
    {
        Choose("LAMBENT_PYTHON", script);
        new InterpreterCatalog("/shims").Installed("python").ShouldBeEmpty();
    }

    [Fact]
    public void Dotnet_is_told_how_large_its_heap_may_be()
    {
        Choose("LAMBENT_DOTNET",
            "echo 'Microsoft.AspNetCore.App 10.0.1 [/x]'; echo 'Microsoft.NETCore.App 10.0.1 [/x]'");
        var interpreter = new InterpreterCatalog("/shims").Find(Runtimes.All["dotnet10"]).Value;
        interpreter.VariablesFor(128)["DOTNET_GCHeapHardLimit"].ShouldBe("6000000");
        interpreter.VariablesFor(128)["DOTNET_gcServer"].ShouldBe("0");
    }

    [Fact]
    public void Versions_of_version_managers_are_found_newest_first()
    {
        foreach (var version in new[] { "3.9.18", "3.12.1" })
        {
            Directory.CreateDirectory(Path.Combine(folder, ".pyenv/versions", version, "bin"));
        }

        var moved = Directory.CreateDirectory(Path.Combine(folder, "nvm/versions/node/v22.1.0/bin")).FullName;
        var folders = InstalledVersions.Folders(name => name switch
        {
            "HOME" => folder,
            "NVM_DIR" => Path.Combine(folder, "nvm"),
            _ => null,
        });
        folders.ShouldBe(
        [
            $"{folder}/.pyenv/versions/3.9.18/bin",
            $"{folder}/.pyenv/versions/3.12.1/bin",
            moved,
            $"{folder}/.dotnet",
        ]);
        InstalledVersions.Folders(_ => null).ShouldBeEmpty();
    }

    [Fact]
    public void Shims_are_passed_over_and_the_same_program_counts_once()
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var shims = Directory.CreateDirectory(Path.Combine(folder, "shims")).FullName;
        File.WriteAllText(Path.Combine(bin, "tool"), "");
        File.WriteAllText(Path.Combine(shims, "tool"), "");
        File.CreateSymbolicLink(Path.Combine(bin, "tool3"), "tool");
        Directory.CreateSymbolicLink(Path.Combine(folder, "sbin"), bin);
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{shims}:{bin}:{folder}/sbin");
            InterpreterProbe.Candidates(null, "tool", "tool3").ShouldBe([$"{bin}/tool"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public async Task Interpreter_of_a_version_manager_runs_in_a_sandbox()
    {
        var catalog = new InterpreterCatalog(folder);
        var interpreter = catalog.Installed("python").FirstOrDefault(
            known => !known.Program.StartsWith("/usr/", StringComparison.Ordinal));
        Assert.SkipWhen(interpreter is null, "Every Python here is the system's.");
        var sandboxes = new TestSandboxes();
        await sandboxes.InitializeAsync();
        try
        {
            var result = await sandboxes.RunAsync(sandboxes.Options(
                interpreter!.Program, "-c",
                "import json, ssl, sqlite3, platform; print(platform.python_version())") with
            {
                ReadOnlyFolders = [.. interpreter.ReadOnlyFolders.Where(Directory.Exists)],
            });
            result.Output.ShouldBe(interpreter.Version + "\n");
        }
        finally
        {
            await sandboxes.DisposeAsync();
        }
    }

    private void Choose(string variable, string script)
    {
        var program = Path.Combine(folder, "program");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        TestSandboxes.OpenToAll(program);
        Environment.SetEnvironmentVariable(variable, program);
    }
}
