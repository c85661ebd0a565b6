namespace Lambent.EndToEnd.Runtimes;

/// <summary>The same tests, for each language.</summary>
internal static class RuntimeSubject
{
    public static Task<FunctionDefinition> DefineAsync(string runtime, string name, string handler) => runtime switch
    {
        "node" => Task.FromResult(Programs.NodeFunction(name, handler)),
        "python" => Task.FromResult(Programs.PythonFunction(name, handler)),
        "shell" => Task.FromResult(Programs.ShellFunction(name, handler)),
        "c" => Programs.CFunctionAsync(name, handler),
        "dotnet" => Programs.DotnetFunctionAsync(name, "Handlers", char.ToUpperInvariant(handler[0]) + handler[1..]),
        _ => throw new ArgumentOutOfRangeException(nameof(runtime), runtime, "no such runtime"),
    };
}
