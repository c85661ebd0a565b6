namespace Lambent.Kernel.Functions;

/// <summary>Which runtime names a function may be given.</summary>
public static class RuntimeRules
{
    /// <summary>Null when functions can use the runtime.</summary>
    /// <param name="name">As the caller wrote it; case matters.</param>
    /// <param name="checkRuntime">Says whether a known runtime works on this machine.</param>
    public static Error? Check(string name, Func<RuntimeDefinition, Error?> checkRuntime)
    {
        if (Runtimes.Deprecated.Contains(name))
        {
            return new Error(
                ErrorCode.RuntimeDeprecated,
                $"The runtime parameter of {name} is no longer supported for creating or updating AWS Lambda "
                + "functions. We recommend you use a supported runtime while creating or updating functions.",
                "Runtime");
        }

        return Runtimes.All.TryGetValue(name, out var definition)
            ? checkRuntime(definition)
            : new Error(
                ErrorCode.RuntimeUnknown,
                $"Value {Shorten(name)} at 'runtime' failed to satisfy constraint: Member must satisfy enum value "
                + $"set: [{Names}] or be a valid ARN",
                "Runtime");
    }

    /// <summary>The names functions can use, in the order of the table.</summary>
    public static string Names { get; } = string.Join(", ", Runtimes.All.Keys);

    private static string Shorten(string name) => name.Length <= 128 ? name : string.Concat(name.AsSpan(0, 128), "…");
}
