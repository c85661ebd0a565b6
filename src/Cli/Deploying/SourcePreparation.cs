using System.IO.Compression;
using Lambent.Cli.Building;
using Lambent.Cli.Commands;
using Lambent.Cli.Packaging;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Deploying;

/// <summary>Turns a path into a package: finds out what it is, builds it when it needs building, packs it.</summary>
internal sealed class SourcePreparation(
    CommandContext context, WrittenChoices choices, KnownRuntimes known)
{
    private static readonly string[] ScriptExtensions = [".js", ".mjs", ".cjs", ".py"];

    /// <summary>
    /// What to do with sources that have to be built elsewhere first, by a file that gives them away.
    /// </summary>
    private static readonly Dictionary<string, string> BuildFirst = new(StringComparer.Ordinal)
    {
        ["go.mod"] = "CGO_ENABLED=0 go build -o bootstrap . && lambent deploy bootstrap --name NAME",
        ["Cargo.toml"] = "cargo build --release, then lambent deploy target/release/PROGRAM",
        ["pom.xml"] = "build a native image named bootstrap, then lambent deploy bootstrap --name NAME",
        ["build.gradle"] = "build a native image named bootstrap, then lambent deploy bootstrap --name NAME",
        ["tsconfig.json"] = "npx tsc --outDir dist, then lambent deploy dist",
        [".ts"] = "npx esbuild FILE.ts --bundle --platform=node --outfile=index.js, then lambent deploy index.js",
        [".go"] = "CGO_ENABLED=0 go build -o bootstrap . && lambent deploy bootstrap --name NAME",
        [".rs"] = "cargo build --release, then lambent deploy target/release/PROGRAM",
        [".java"] = "build a native image named bootstrap, then lambent deploy bootstrap --name NAME",
    };

    public async Task<PreparedSource> PrepareAsync(string path, CancellationToken cancellation)
    {
        var full = context.Environment.FullPath(path);
        var name = choices.Name ?? SourceName.Of(full);
        if (Directory.Exists(full))
        {
            return await FolderAsync(full, name, cancellation);
        }

        if (!File.Exists(full))
        {
            var parent = Path.GetDirectoryName(full) ?? full;
            var near = Directory.Exists(parent)
                ? Spelling.Question(
                    Path.GetFileName(full), Directory.EnumerateFileSystemEntries(parent).Select(Path.GetFileName)!)
                : "";
            throw new CommandFailedException(
                ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no file or folder {path}.{near}");
        }

        switch (Path.GetExtension(full))
        {
            case ".zip":
                return await ZipAsync(full, name, cancellation);
            case ".csproj":
                return Pack(await DotnetPublish.ProjectAsync(full, context, cancellation), name);
            case ".cs":
                return Pack(await DotnetPublish.FileAsync(full, context, cancellation), name);
            case var extension when ScriptExtensions.Contains(extension):
                var script = new PackageContent([FolderReader.File(full, Path.GetFileName(full))]);
                return Pack(script, name);
            default:
                return Pack(Program(full), name);
        }
    }

    private async Task<PreparedSource> FolderAsync(string folder, string name, CancellationToken cancellation)
    {
        var projects = Directory.GetFiles(folder, "*.csproj");
        if (projects.Length > 1)
        {
            throw InferenceFailures.Unrecognized(
                $"There are {projects.Length} projects in {folder}.", $"lambent deploy {projects[0]}");
        }

        if (projects is [var project])
        {
            return Pack(await DotnetPublish.ProjectAsync(project, context, cancellation), name);
        }

        var content = FolderReader.Read(folder);
        var function = Infer(content);
        var runtime = RuntimeOf(function);
        content = function.Language switch
        {
            "node" => await NodeDependencies.AddAsync(content, folder, runtime, context, cancellation),
            "python" => await PythonDependencies.AddAsync(content, runtime, context, cancellation),
            _ => content,
        };
        return Pack(content, name, runtime, function);
    }

    private async Task<PreparedSource> ZipAsync(string path, string name, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        try
        {
            using var tree = new ZipTree(new MemoryStream(bytes, writable: false));
            var function = Infer(tree);
            if (NodeSource.NeedsModuleManifest(tree, function.Handler))
            {
                throw InferenceFailures.Unrecognized(
                    $"{function.Handler} is in a module, and the zip has no package.json that says so.",
                    "add {\"type\": \"module\"} as package.json, or name the file .mjs");
            }

            var runtime = RuntimeOf(function);
            var package = PackageArchive.Existing(bytes, tree.Files.Count);
            return new PreparedSource(name, runtime, function.Handler, function.Reason, package);
        }
        catch (InvalidDataException)
        {
            throw InferenceFailures.Unrecognized($"{path} is not a readable zip.", $"unzip -t {path}");
        }
    }

    /// <summary>A program by itself: what it answers with is its own business, over the runtime API.</summary>
    private static PackageContent Program(string path)
    {
        var file = FolderReader.File(path, CustomSource.Bootstrap);
        var alone = new PackageContent([file]);
        if (CustomSource.IsProgram(alone.ReadHead(CustomSource.Bootstrap, 4)))
        {
            return new PackageContent([file with { Executable = true }]);
        }

        var extension = Path.GetExtension(path);
        throw InferenceFailures.Unrecognized(
            $"{Path.GetFileName(path)} is not JavaScript, Python, C#, a zip, or a program.",
            BuildFirst.GetValueOrDefault(extension)
                ?? "a script needs a first line that names its interpreter, such as #!/bin/sh");
    }

    private PreparedSource Pack(PackageContent content, string name)
    {
        var function = Infer(content);
        return Pack(content, name, RuntimeOf(function), function);
    }

    private static PreparedSource Pack(PackageContent content, string name, string runtime, InferredFunction function)
    {
        if (function.Language == "node" && NodeSource.NeedsModuleManifest(content, function.Handler))
        {
            content = content.With([PackageContent.Generated(NodeManifest.FileName, "{\"type\":\"module\"}\n")]);
        }

        return new PreparedSource(name, runtime, function.Handler, function.Reason, PackageArchive.Pack(content));
    }

    private InferredFunction Infer(IPackageTree tree)
    {
        var language = choices.Runtime is { } runtime ? RuntimeChoice.LanguageOf(runtime) : LanguageOf(tree);
        if (choices.Handler is { } handler)
        {
            return new InferredFunction(language ?? "custom", handler, "as written")
            {
                LanguageVersion = language == "dotnet" ? DotnetSource.Version(tree) : null,
            };
        }

        return language switch
        {
            "node" => NodeSource.Infer(tree),
            "python" => PythonSource.Infer(tree),
            "dotnet" => DotnetSource.Infer(tree),
            "custom" => CustomSource.Infer(tree),
            _ => throw InferenceFailures.NoHandler(
                $"How a handler is named in {choices.Runtime} is not known here.", "--handler HANDLER"),
        };
    }

    private static string LanguageOf(IPackageTree tree)
    {
        if (CustomSource.Recognizes(tree))
        {
            return "custom";
        }

        if (DotnetSource.Recognizes(tree))
        {
            return "dotnet";
        }

        return (NodeSource.Recognizes(tree), PythonSource.Recognizes(tree)) switch
        {
            (true, false) => "node",
            (false, true) => "python",
            (true, true) => throw InferenceFailures.Unrecognized(
                "There is JavaScript and Python here; which of them is the function?",
                "--runtime nodejs20.x or --runtime python3.11"),
            _ => throw InferenceFailures.Unrecognized(
                "There is no JavaScript, Python or C# here, and no executable named bootstrap.", ElsewhereHint(tree)),
        };
    }

    private static string? ElsewhereHint(IPackageTree tree) =>
        BuildFirst.FirstOrDefault(known => tree.Files.Any(
            file => file == known.Key || (known.Key[0] == '.' && file.EndsWith(known.Key, StringComparison.Ordinal))))
            .Value;

    private string RuntimeOf(InferredFunction function) =>
        choices.Runtime
        ?? RuntimeChoice.Choose(function.Language, function.LanguageVersion, known.Runtimes, known.Current);
}
