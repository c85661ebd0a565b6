namespace Lambent.EndToEnd.CommandLine;

/// <summary>Every command that the documents show is run, in their order, and answers what they say.</summary>
public sealed class DocumentTests(CommandLineServer fixture) : IClassFixture<CommandLineServer>
{
    /// <summary>What a reader who came this far has in the terminal: the root account's variables.</summary>
    private const string Account = "eval \"$(lambent env)\"\n";

    /// <summary>Commands that are not run here, with the reason.</summary>
    private static readonly (string Part, string Reason)[] NotRun =
    [
        ("lambent up", "does not end; ServerFixture starts a server as often as there are collections"),
        ("function.zip", "an example's package; the tests of packages deploy one from a bucket"),
        ("./test", "this is it"),
        ("--follow", "does not end"),
        ("--invoke-mode", "needs a newer aws than Debian's; the document shows curl for it too"),
        ("go build", "needs Go"),
        ("pip install", "needs a registry; the deploy of a folder with requirements.txt does the same"),
        ("account rm 111122223333", "an example's account"),
        ("--request 0193", "an example's request"),
        ("3bbbcb1e-1", "an example's group of errors"),
        ("01a200e", "an example's call; the tests of errors repeat one"),
        ("--to 7", "an example's version"),
        ("trace 01a200d3", "an example's request"),
        ("retry 01a200d3", "an example's event"),
        ("--profile acme", "an example's account"),
        ("session/8899", "an example's session"),
        ("--open", "starts a browser"),
    ];

    /// <summary>Files that a document speaks of without showing them as a block with their name.</summary>
    private static readonly (string Document, string Name, string Text)[] Given =
    [
        ("README.md", "hello.py", """
            def handler(event, context):
                return f"Hello, {event.get('name', 'world')}!"
            """),
        ("docs/guides/concurrency.md", "answer.py", "def handler(event, context):\n    return 42\n"),
        ("docs/guides/asynchronous-calls.md", "hello.py", "def handler(event, context):\n    return 'Hello'\n"),
        ("docs/guides/aws-clients.md", "hello.py", "def handler(event, context):\n    return 'Hello'\n"),
        ("docs/guides/traces.md", "hello.mjs", "export const handler = async () => 'hello';\n"),
        ("docs/guides/function-urls.md", "hello.mjs", "export const handler = async () => 'hello';\n"),
        ("docs/guides/function-urls.md", "clock.mjs", """
            export const handler = awslambda.streamifyResponse(async (event, stream) => {
              stream.write('data: step 1\n\n');
              stream.end();
            });
            """),
        ("docs/guides/limits.md", "function/index.mjs", "export const handler = async () => 'a function';\n"),
        ("docs/guides/objects.md", "photos/cat.txt", "a cat\n"),
        ("docs/guides/objects.md", "report.csv", "item,count\nbolt,7\nnut,9\n"),
        ("docs/guides/python.md", "keys/requirements.txt", ""),
        ("docs/guides/schedules.md", "close-books.asl.json",
            """{"StartAt": "Close", "States": {"Close": {"Type": "Pass", "End": true}}}"""),
        ("docs/guides/state-machines.md", "order.asl.json", ConsoleBlock.Json("docs/guides/state-machines.md", 0)),
        ("docs/guides/state-machines.md", "approval.asl.json", ConsoleBlock.Json("docs/guides/state-machines.md", 1)),
    ];

    /// <summary>Where a document keeps a file that it shows, when that is a folder.</summary>
    private static readonly (string Document, string Shown, string Kept)[] Moved =
    [
        ("docs/guides/dotnet.md", "Function.cs", "Greeting/Function.cs"),
        ("docs/guides/node.md", "index.mjs", "sum/index.mjs"),
        ("docs/guides/python.md", "lambda_function.py", "keys/lambda_function.py"),
    ];

    public static TheoryData<string> Documents =>
    [
        .. new[] { "README.md", "docs/start.md" }
            .Concat(Directory.Exists(Path.Combine(Repository.Root, "docs/guides"))
                ? Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs/guides"), "*.md")
                    .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)
                : [])
            .Where(document => File.Exists(Path.Combine(Repository.Root, document))),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Commands_of_a_document_work(string document)
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        var (commands, files) = ConsoleBlock.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, document)));
        var folder = $"documents/{document.Replace('/', '-').Replace(".md", "")}";
        await PrepareAsync(document, folder, files);
        var (state, current) = (Account, -1);
        commands.RemoveAll(shown => NotRun.Any(rule => shown.Command.Contains(rule.Part)));
        foreach (var (block, command, output) in commands)
        {
            (state, current) = block == current ? (state, current) : (Account, block);
            var line = Here(command).Replace("./lambent", "lambent");
            var run = await fixture.ShellAsync($"{state}\n{line}", Path.Combine(fixture.Folder, folder));
            run.ExitCode.ShouldBe(0, $"{document}: {command}\n{run.Everything}");
            if (command.StartsWith("eval ", StringComparison.Ordinal))
            {
                state += $"{line}\n";
            }

            foreach (var expected in output.Where(text => text.Length > 0 && !text.Contains('…')))
            {
                Plain(run.Output).ShouldContain(Plain(Here(expected)), Case.Sensitive, $"{document}: {command}");
            }
        }
    }

    private string Here(string text) => text
        .Replace("http://127.0.0.1:9550", fixture.Lambda.Address.GetLeftPart(UriPartial.Authority));

    /// <summary>A document may show on one line what a tool prints on several.</summary>
    private static string Plain(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private async Task PrepareAsync(string document, string folder, List<(string Name, string Text)> files)
    {
        var listed = await fixture.Lambda.GetAsync("/2015-03-31/functions");
        foreach (var function in listed.Json["Functions"]!.AsArray())
        {
            await fixture.Lambda.SendAsync("DELETE", $"/2015-03-31/functions/{(string?)function!["FunctionName"]}");
        }

        foreach (var (name, text) in files.Concat(
            Given.Where(given => given.Document == document).Select(given => (given.Name, given.Text))))
        {
            var kept = Moved.FirstOrDefault(moved => moved.Document == document && moved.Shown == name).Kept ?? name;
            fixture.Write($"{folder}/{kept}", text);
        }

        Directory.CreateDirectory(Path.Combine(fixture.Folder, folder, ".keep"));
        switch (document)
        {
            case "docs/guides/dotnet.md":
                fixture.Write($"{folder}/Greeting/Greeting.csproj", """
                    <Project Sdk="Microsoft.NET.Sdk">
                      <PropertyGroup>
                        <TargetFramework>net10.0</TargetFramework>
                        <ImplicitUsings>enable</ImplicitUsings>
                      </PropertyGroup>
                    </Project>
                    """);
                break;
            case "docs/guides/aws-clients.md":
                await File.WriteAllBytesAsync(
                    Path.Combine(fixture.Folder, folder, "hello.zip"),
                    ZipPackage.Of(("hello.py", "def handler(event, context):\n    return 'Hello'\n")));
                break;
            case "docs/guides/asynchronous-calls.md" or "docs/guides/accounts.md":
                fixture.Write("hello.py", "def handler(event, context):\n    return 'Hello'\n");
                await fixture.OkAsync("deploy", "hello.py");
                break;
        }
    }
}
