using Lambent.Kernel.Invocations;

namespace Lambent.Kernel.Errors;

/// <summary>How an error was noticed. The numbers are stored.</summary>
public enum ErrorKind
{
    /// <summary>The handler threw.</summary>
    Handler = 0,

    /// <summary>The code could not be loaded.</summary>
    Initialization = 1,

    Timeout = 2,
    OutOfMemory = 3,

    /// <summary>The process ended during the call.</summary>
    Exit = 4,

    /// <summary>The platform could not use the answer.</summary>
    Response = 5,

    /// <summary>It was written to the log, whatever became of the call.</summary>
    Logged = 6,
}

/// <summary>One error as it happened.</summary>
/// <param name="Type">The exception's class, as the runtime names it.</param>
/// <param name="Message">At most <see cref="MessageLengthMax"/> characters.</param>
/// <param name="Frames">The one that failed first.</param>
/// <param name="Stack">The stack's text, at most <see cref="StackLengthMax"/> characters.</param>
public sealed record ErrorReport(
    ErrorKind Kind,
    string Type,
    string Message,
    ErrorLanguage Language,
    IReadOnlyList<StackFrame> Frames,
    string Stack)
{
    public const int TypeLengthMax = 256;
    public const int MessageLengthMax = 2_000;
    public const int StackLengthMax = 8_000;

    /// <summary>The frame to look at first: the owner's own that failed, or the one that failed.</summary>
    public StackFrame? Culprit =>
        Frames.FirstOrDefault(frame => frame.IsApplication) ?? (Frames.Count > 0 ? Frames[0] : null);

    /// <summary>The platform ended the call; there is no exception that could tell functions' bugs apart.</summary>
    public bool IsOfPlatform => Kind is not (ErrorKind.Handler or ErrorKind.Logged);

    public static ErrorKind KindOf(OutcomeKind outcome) => outcome switch
    {
        OutcomeKind.InitializationError => ErrorKind.Initialization,
        OutcomeKind.TimedOut => ErrorKind.Timeout,
        OutcomeKind.OutOfMemory => ErrorKind.OutOfMemory,
        OutcomeKind.Exited => ErrorKind.Exit,
        OutcomeKind.ResponseTooLarge or OutcomeKind.InvalidResponse => ErrorKind.Response,
        _ => ErrorKind.Handler,
    };

    public static ErrorReport Create(ErrorKind kind, string type, string message, IReadOnlyList<string> stack)
    {
        var (language, frames) = StackReader.Read(stack);
        return new ErrorReport(
            kind,
            Cut(type, TypeLengthMax),
            Cut(message, MessageLengthMax),
            language,
            frames,
            Cut(string.Join('\n', stack.Select(line => line.TrimEnd('\n', '\r'))), StackLengthMax));
    }

    /// <summary>Not in the middle of a character of two halves.</summary>
    internal static string Cut(string text, int lengthMax) => text.Length <= lengthMax ? text
        : char.IsHighSurrogate(text[lengthMax - 1]) ? text[..(lengthMax - 1)]
        : text[..lengthMax];
}
