namespace Lambent.Kernel.Errors;

/// <summary>Whose stack it is. The numbers are stored.</summary>
public enum ErrorLanguage
{
    Unknown = 0,
    JavaScript = 1,
    Python = 2,
    Dotnet = 3,
}

/// <summary>One call of a stack.</summary>
/// <param name="Function">As the language names it, without its parameters; empty when it has no name.</param>
/// <param name="File">Its path as the stack has it; empty when it is not told.</param>
/// <param name="Line">From 1; 0 when it is not told.</param>
/// <param name="Column">From 1; 0 when it is not told.</param>
/// <param name="IsApplication">Whether it is the owner's code, not the runtime's or a dependency's.</param>
/// <param name="Text">The stack's own line.</param>
public sealed record StackFrame(
    string Function, string File, int Line, int Column, bool IsApplication, string Text)
{
    /// <summary>The file's name without its folders.</summary>
    public string FileName => File[(File.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>Where it is, for people: function (file:line).</summary>
    public string Describe()
    {
        var place = File.Length == 0 ? "" : Line > 0 ? $"{FileName}:{Line}" : FileName;
        return Function.Length == 0 ? place : place.Length == 0 ? Function : $"{Function} ({place})";
    }
}
