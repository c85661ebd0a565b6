namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>What is wrong with a definition, as far as a person will read.</summary>
internal sealed class DefinitionProblems
{
    private readonly List<DefinitionDiagnostic> all = [];

    public IReadOnlyList<DefinitionDiagnostic> All => all;

    public bool HasErrors { get; private set; }

    /// <summary>
    /// Errors of single fields: where there are any, the ways between states are not looked at, for half of them would
    /// be missing.
    /// </summary>
    public int SchemaErrors { get; private set; }

    public void AddSchema(string message, string location) => Add("SCHEMA_VALIDATION_FAILED", message, location);

    public void Add(string code, string message, string location) => Add(true, code, message, location);

    public void Warn(string code, string message, string location) => Add(false, code, message, location);

    private void Add(bool isError, string code, string message, string location)
    {
        HasErrors |= isError;
        SchemaErrors += isError && !code.StartsWith("MISSING_", StringComparison.Ordinal) ? 1 : 0;
        if (all.Count < Limits.DefinitionDiagnosticsMax)
        {
            all.Add(new DefinitionDiagnostic(isError, code, message, location));
        }
    }
}
