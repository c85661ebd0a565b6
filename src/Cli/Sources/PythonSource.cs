namespace Lambent.Cli.Sources;

/// <summary>Finds the handler of a Python package.</summary>
internal static class PythonSource
{
    private static readonly string[] UsualFiles = ["lambda_function", "app", "main", "handler", "index"];

    private static readonly string[] UsualFunctions = ["lambda_handler", "handler", "main"];

    public static bool Recognizes(IPackageTree tree) =>
        tree.Has("requirements.txt") || tree.FilesIn("", ".py").Any();

    public static InferredFunction Infer(IPackageTree tree)
    {
        foreach (var file in UsualFiles.Select(stem => stem + ".py").Where(tree.Has))
        {
            return Choose(tree, file, $"{file} is there");
        }

        var files = tree.FilesIn("", ".py").ToList();
        if (files is [var lone])
        {
            return Choose(tree, lone, $"{lone} is the only source file");
        }

        var handlers = files
            .Select(file => (file, function: Usual(PythonDefinitions.Scan(tree.ReadText(file)))))
            .Where(found => found.function is not null and not "main")
            .ToList();
        return handlers switch
        {
            [var (file, function)] => Found(file, function!, $"{file} defines {function}"),
            [] => throw InferenceFailures.NoHandler(
                "No Python file here defines lambda_handler or handler.", "def handler(event, context): …"),
            _ => throw InferenceFailures.Ambiguous(handlers.Select(found => $"{found.file[..^3]}.{found.function}")),
        };
    }

    private static InferredFunction Choose(IPackageTree tree, string file, string reason)
    {
        var defined = PythonDefinitions.Scan(tree.ReadText(file));
        if (Usual(defined) is { } usual)
        {
            return Found(file, usual, $"{reason} and defines {usual}");
        }

        return defined.Functions.Where(name => name[0] != '_').ToList() switch
        {
            [var only] => Found(file, only, $"{reason} and defines only {only}"),
            [] => throw InferenceFailures.NoHandler($"{file} defines no function.", "def handler(event, context): …"),
            var several => throw InferenceFailures.Ambiguous(several.Select(name => $"{file[..^3]}.{name}")),
        };
    }

    private static string? Usual((List<string> Functions, List<string> Others) defined) =>
        UsualFunctions.FirstOrDefault(defined.Functions.Contains)
            ?? UsualFunctions.FirstOrDefault(defined.Others.Contains);

    private static InferredFunction Found(string file, string function, string reason) =>
        new("python", $"{file[..^3]}.{function}", reason);
}
