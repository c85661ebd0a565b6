using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Sources;

/// <summary>From files on disk to name, runtime and handler, through the verb itself.</summary>
public sealed class InferenceTests
{
    private const string Js = "exports.handler = async () => 1;";
    private const string Py = "def handler(event, context):\n    return 1\n";

    public static TheoryData<string, string[], string, string, string> Good { get; } = new()
    {
        // source, files as NAME=TEXT, name, runtime, handler
        { "hello.js", [$"hello.js={Js}"], "hello", "nodejs20.x", "hello.handler" },
        { "hello.mjs", ["hello.mjs=export const handler = () => 1"], "hello", "nodejs20.x", "hello.handler" },
        { "only.cjs", ["only.cjs=exports.main = () => 1"], "only", "nodejs20.x", "only.main" },
        { "esm.js", ["esm.js=export const handler = () => 1"], "esm", "nodejs20.x", "esm.handler" },
        { "my task.py", [$"my task.py={Py}"], "my-task", "python3.11", "my task.handler" },
        { "sum/index.js", [$"sum/index.js={Js}"], "sum", "nodejs20.x", "index.handler" },
        { "f", [$"f/index.js={Js}", "f/other.js=exports.handler = 1"], "f", "nodejs20.x", "index.handler" },
        { "f", [$"f/app.mjs={Js}"], "f", "nodejs20.x", "app.handler" },
        { "f", ["f/package.json={\"main\":\"dist/run.js\"}", $"f/dist/run.js={Js}"], "f", "nodejs20.x",
            "dist/run.handler" },
        { "f", ["f/package.json={\"main\":\"./lib\"}", $"f/lib/index.js={Js}"], "f", "nodejs20.x",
            "lib/index.handler" },
        {
            "f",
            ["f/package.json={\"type\":\"module\",\"exports\":{\".\":{\"import\":\"./x.js\"}}}",
                "f/x.js=export const handler = () => 1"],
            "f", "nodejs20.x", "x.handler"
        },
        { "f", [$"f/worker.js={Js}", "f/tools.js=exports.util = 1"], "f", "nodejs20.x", "worker.handler" },
        { "f", [$"f/lambda_function.py={Py}", "f/report.py=def a(): pass"], "f", "python3.11",
            "lambda_function.handler" },
        { "f", ["f/app.py=def lambda_handler(e, c): pass\ndef handler(e, c): pass"], "f", "python3.11",
            "app.lambda_handler" },
        { "f", ["f/main.py=def only_one(e, c): pass\ndef _private(): pass"], "f", "python3.11", "main.only_one" },
        { "f", ["f/main.py=from core import run as handler"], "f", "python3.11", "main.handler" },
        { "f", ["f/job.py=def handler(e, c): pass", "f/lib.py=def helper(): pass"], "f", "python3.11", "job.handler" },
        { "f", ["f/bootstrap=#!/bin/sh"], "f", "provided.al2023", "bootstrap" },
        { "serve", ["serve=#!/bin/sh\necho"], "serve", "provided.al2023", "bootstrap" },
        { "hello/dist", [$"hello/dist/index.js={Js}"], "hello", "nodejs20.x", "index.handler" },
    };

    public static TheoryData<string, string[], string, int, string> Bad { get; } = new()
    {
        // source, files, code, exit code, part of the message
        { "nope.js", [], "SourceNotFound", 3, "There is no file or folder nope.js" },
        { "helo.js", [$"hello.js={Js}"], "SourceNotFound", 3, "Did you mean 'hello.js'?" },
        { "f", [$"f/index.js={Js}", $"f/app.py={Py}"], "SourceUnrecognized", 2, "JavaScript and Python" },
        { "f", ["f/readme.txt=x"], "SourceUnrecognized", 2, "no JavaScript, Python or C#" },
        { "f", ["f/go.mod=module x"], "SourceUnrecognized", 2, "go build -o bootstrap" },
        { "x.ts", ["x.ts=export const handler = 1"], "SourceUnrecognized", 2, "esbuild" },
        { "f", ["f/index.js=exports.a = 1; exports.b = 2;"], "HandlerAmbiguous", 2, "index.a, index.b" },
        { "f", ["f/index.js=console.log(1)"], "HandlerNotFound", 2, "exports nothing by name" },
        { "f", [$"f/a.js={Js}", $"f/b.js={Js}"], "HandlerAmbiguous", 2, "a.handler, b.handler" },
        { "f", [$"f/a.py={Py}", $"f/b.py={Py}"], "HandlerAmbiguous", 2, "a.handler, b.handler" },
        { "f", ["f/app.py=x = 1"], "HandlerNotFound", 2, "defines no function" },
        { "f", ["f/package.json={\"main\":\"gone.js\"}"], "SourceUnrecognized", 2, "gone.js" },
        { "f", ["f/package.json=nonsense"], "SourceUnrecognized", 2, "package.json" },
        {
            "f", ["f/package.json={}", "f/index.js=export const handler = 1"], "SourceUnrecognized", 2,
            "npm pkg set type=module"
        },
        { "f", ["f/bootstrap=#!/bin/sh, not executable"], "SourceUnrecognized", 2, "chmod +x" },
        { "bad.zip", ["bad.zip=not a zip"], "SourceUnrecognized", 2, "not a readable zip" },
        { "notes.txt", ["notes.txt=hello"], "SourceUnrecognized", 2, "is not JavaScript" },
        { "f", ["f/A.csproj=<Project/>", "f/B.csproj=<Project/>"], "SourceUnrecognized", 2, "2 projects" },
        {
            "f", [$"f/index.js={Js}", "f/package.json={\"dependencies\":{\"x\":\"file:../x\"}}"],
            "DependenciesMissing", 2, "--install-links"
        },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Source_recognized_becomesAFunction(
        string source, string[] files, string name, string runtime, string handler)
    {
        using var commandLine = new CommandLine();
        Write(commandLine.Folder, files);
        var result = await commandLine.RunAsync("deploy", source, "--dry-run", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("function").GetString().ShouldBe(name);
        result.Json.GetProperty("runtime").GetString().ShouldBe(runtime);
        result.Json.GetProperty("handler").GetString().ShouldBe(handler);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Source_notUnderstood_isRefusedWithTheFix(
        string source, string[] files, string code, int exitCode, string message)
    {
        using var commandLine = new CommandLine();
        Write(commandLine.Folder, files);
        var result = await commandLine.RunAsync("deploy", source, "--dry-run", "--json");
        result.ExitCode.ShouldBe(exitCode);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe(code);
        result.Error.Replace("\\u0027", "'", StringComparison.Ordinal).ShouldContain(message);
    }

    [Fact]
    public async Task Source_withWrittenChoices_isTakenAtItsWord()
    {
        using var commandLine = new CommandLine();
        Write(commandLine.Folder, ["f/index.js=exports.a = 1; exports.b = 2;", $"f/app.py={Py}"]);
        var result = await commandLine.RunAsync(
            "deploy", "f", "--name", "n", "--runtime", "nodejs18.x", "--handler", "index.b", "--dry-run", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("function").GetString().ShouldBe("n");
        result.Json.GetProperty("runtime").GetString().ShouldBe("nodejs18.x");
        result.Json.GetProperty("handler").GetString().ShouldBe("index.b");
    }

    private static void Write(TemporaryFolder folder, string[] files)
    {
        foreach (var file in files)
        {
            var parts = file.Split('=', 2);
            var isProgram = parts[0].EndsWith("bootstrap", StringComparison.Ordinal);
            folder.Write(parts[0], parts[1], executable: isProgram && !parts[1].Contains("not executable"));
        }
    }
}
