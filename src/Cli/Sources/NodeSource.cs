using System.Text.Json;

namespace Lambent.Cli.Sources;

/// <summary>Finds the handler of a JavaScript package.</summary>
internal static class NodeSource
{
    private const string UsualExport = "handler";

    private static readonly string[] Extensions = [".js", ".mjs", ".cjs"];

    /// <summary>File names that say "start here", best first.</summary>
    private static readonly string[] UsualFiles = ["index", "app", "main", "handler", "lambda_function"];

    public static bool Recognizes(IPackageTree tree) =>
        tree.Has("package.json") || tree.FilesIn("", Extensions).Any();

    public static InferredFunction Infer(IPackageTree tree)
    {
        var manifest = NodeManifest.Of(tree);
        if (manifest.Main is { } main)
        {
            var file = Resolve(tree, main)
                ?? throw InferenceFailures.Unrecognized(
                    $"package.json says the program is {main}, which is not in the package.",
                    "build the package first, or name the handler with --handler FILE.FUNCTION");
            return Choose(file, Scan(tree, file, manifest), $"the main file in package.json is {main}");
        }

        foreach (var usual in UsualFiles)
        {
            if (Extensions.Select(extension => usual + extension).FirstOrDefault(tree.Has) is { } file)
            {
                return Choose(file, Scan(tree, file, manifest), $"{file} is there");
            }
        }

        return ChooseAmongAll(tree, manifest);
    }

    /// <summary>
    /// Whether the handler's file is a module that nothing declares as one: then the package needs a package.json.
    /// </summary>
    public static bool NeedsModuleManifest(IPackageTree tree, string handler)
    {
        var file = handler[..Math.Max(0, handler.LastIndexOf('.'))] + ".js";
        return !tree.Has(NodeManifest.FileName) && tree.Has(file)
            && JavaScriptExports.Scan(tree.ReadText(file)).UsesImportSyntax;
    }

    private static InferredFunction ChooseAmongAll(IPackageTree tree, NodeManifest manifest)
    {
        var handlers = tree.FilesIn("", Extensions)
            .Select(file => (file, names: Scan(tree, file, manifest)))
            .Where(found => found.names.Contains(UsualExport))
            .ToList();
        return handlers switch
        {
            [var (file, _)] =>
                new InferredFunction("node", $"{Stem(file)}.{UsualExport}", $"{file} exports {UsualExport}"),
            [] => tree.FilesIn("", Extensions).ToList() is [var lone]
                ? Choose(lone, Scan(tree, lone, manifest), $"{lone} is the only source file")
                : throw InferenceFailures.NoHandler("No JavaScript file here exports a function named handler."),
            _ => throw InferenceFailures.Ambiguous(handlers.Select(found => $"{Stem(found.file)}.{UsualExport}")),
        };
    }

    private static InferredFunction Choose(string file, IReadOnlyList<string> names, string reason) => names switch
    {
        _ when names.Contains(UsualExport) =>
            new InferredFunction("node", $"{Stem(file)}.{UsualExport}", $"{reason} and exports {UsualExport}"),
        [var only] => new InferredFunction("node", $"{Stem(file)}.{only}", $"{reason} and exports only {only}"),
        [] => throw InferenceFailures.NoHandler(
            $"{file} exports nothing by name.", "export a function: exports.handler = async (event) => ({ … })"),
        _ => throw InferenceFailures.Ambiguous(names.Select(name => $"{Stem(file)}.{name}")),
    };

    private static IReadOnlyList<string> Scan(IPackageTree tree, string file, NodeManifest manifest)
    {
        var exports = JavaScriptExports.Scan(tree.ReadText(file));
        if (exports.UsesImportSyntax && !manifest.LoadsAsModule(file))
        {
            throw InferenceFailures.Unrecognized(
                $"{file} uses import and export, but package.json does not say that it is a module, so Node would not "
                    + "load it.",
                "npm pkg set type=module");
        }

        return exports.Names;
    }

    /// <summary>As Node resolves a main: the file, the file with an extension, the folder's index.</summary>
    private static string? Resolve(IPackageTree tree, string main)
    {
        var path = main.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..];
        }

        path = path.TrimEnd('/');
        return Extensions.Select(extension => path + extension)
            .Prepend(path)
            .Concat(Extensions.Select(
                extension => path is "" or "." ? $"index{extension}" : $"{path}/index{extension}"))
            .FirstOrDefault(tree.Has);
    }

    private static string Stem(string file) => file[..^Path.GetExtension(file).Length];
}

/// <summary>What package.json says that matters here.</summary>
internal sealed record NodeManifest(
    bool Exists, string? Main, bool IsModule, IReadOnlyDictionary<string, string> Dependencies)
{
    public const string FileName = "package.json";

    private static readonly NodeManifest Absent = new(false, null, false, new Dictionary<string, string>());

    public static NodeManifest Of(IPackageTree tree) =>
        tree.Has(FileName) ? Parse(tree.ReadText(FileName)) : Absent;

    public static NodeManifest Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                return new NodeManifest(
                    true, TextOf(root, "main")
                        ?? ExportOf(root), TextOf(root, "type") == "module", DependenciesOf(root));
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw InferenceFailures.Unrecognized("package.json is not a JSON object.", "npm pkg fix");
    }

    /// <summary>Without a package.json the packer writes one for a module, so import syntax is fine.</summary>
    public bool LoadsAsModule(string file) =>
        Path.GetExtension(file) switch { ".mjs" => true, ".cjs" => false, _ => IsModule || !Exists };

    /// <summary>The main entry of "exports": a text, or the first text under "." and its conditions.</summary>
    private static string? ExportOf(JsonElement root)
    {
        if (!root.TryGetProperty("exports", out var exports))
        {
            return null;
        }

        for (var depth = 0; depth < 4; depth++)
        {
            switch (exports.ValueKind)
            {
                case JsonValueKind.String:
                    return exports.GetString();
                case JsonValueKind.Object when exports.TryGetProperty(".", out var main)
                    || exports.TryGetProperty("node", out main) || exports.TryGetProperty("import", out main)
                    || exports.TryGetProperty("require", out main) || exports.TryGetProperty("default", out main):
                    exports = main;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static Dictionary<string, string> DependenciesOf(JsonElement root)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetProperty("dependencies", out var dependencies) && dependencies.ValueKind == JsonValueKind.Object)
        {
            foreach (var dependency in dependencies.EnumerateObject())
            {
                found[dependency.Name] = dependency.Value.ToString();
            }
        }

        return found;
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()
            : null;
}
