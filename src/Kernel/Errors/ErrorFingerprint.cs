using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Errors;

/// <summary>
/// What errors of one bug share. The family is the type without its module and its ending, and the pattern of the
/// message: the same in every language, so that OrderNotFoundError of Node.js, Python's of the same name and .NET's
/// OrderNotFoundException are one. Within a family the culprit tells bugs of one language apart; between languages it
/// cannot be compared, and does not count. Where there is no exception (timeout, memory, crash, start) a family is one
/// function's.
/// </summary>
/// <param name="Family">16 bytes.</param>
/// <param name="Culprit">Function and file without its folder and line; empty when there is no frame.</param>
public sealed record ErrorFingerprint(byte[] Family, ErrorLanguage Language, string Culprit)
{
    public const int FamilyBytes = 16;

    /// <summary>Names this short are what a minifier made of them, and change with each build.</summary>
    private const int MinifiedLengthMax = 2;

    public static ErrorFingerprint Of(ErrorReport report, FunctionId function)
    {
        var pattern = MessagePattern.Of(report.Message);
        var text = $"{CanonicalType(report.Type)}\0{pattern}\0{(report.IsOfPlatform ? function.Name : "")}";
        return new ErrorFingerprint(
            SHA256.HashData(Encoding.UTF8.GetBytes(text))[..FamilyBytes],
            report.Language,
            report.IsOfPlatform ? "" : CulpritOf(report.Culprit));
    }

    /// <summary>
    /// The name of a class without module and namespace, and without Error or Exception at its end. Error and Exception
    /// themselves are one: each is what its language calls an error of no special kind.
    /// </summary>
    public static string CanonicalType(string type)
    {
        var name = type.AsSpan().Trim();
        var generic = name.IndexOfAny('`', '[', '<');
        name = generic > 0 ? name[..generic] : name;
        name = name[(name.LastIndexOfAny('.', '+', '/') + 1)..];
        if (name is "Error" or "Exception" or "")
        {
            return "Error";
        }

        foreach (var ending in (ReadOnlySpan<string>)["Exception", "Error"])
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
            {
                return name[..^ending.Length].ToString();
            }
        }

        return name.ToString();
    }

    private static string CulpritOf(StackFrame? frame)
    {
        if (frame is null)
        {
            return "";
        }

        // A method of .NET names itself; its file is there in debug builds only.
        var function = frame.Function.Length <= MinifiedLengthMax ? "" : frame.Function;
        return frame.FileName.Length == 0 || function.Contains('.') ? function : $"{function}@{frame.FileName}";
    }
}
