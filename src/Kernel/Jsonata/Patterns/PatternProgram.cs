namespace Lambent.Kernel.Jsonata.Patterns;

internal enum PatternOperation
{
    /// <summary>One character of a set.</summary>
    Take,

    /// <summary>Go on at X; on failure at Y.</summary>
    Split,

    /// <summary>Go on at X.</summary>
    Jump,

    /// <summary>Note the place in register X.</summary>
    Note,

    /// <summary>Forget registers X to Y.</summary>
    Forget,

    /// <summary>Fail where nothing was taken since register X was noted.</summary>
    Progress,

    /// <summary>
    /// A test of what follows or stands before; the test's program follows, and X is what is behind it.
    /// </summary>
    Look,

    /// <summary>What group X captured, once more.</summary>
    Reference,

    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,

    /// <summary>The end of the program or of a test.</summary>
    Done,
}

/// <param name="Operation">What is done.</param>
/// <param name="X">See <see cref="PatternOperation"/>.</param>
/// <param name="Y">The same.</param>
/// <param name="Set">Of <see cref="PatternOperation.Take"/>.</param>
/// <param name="Flag">Backwards (Take, Reference), or negative (Look).</param>
internal readonly record struct PatternInstruction(
    PatternOperation Operation, int X = 0, int Y = 0, CharacterSet? Set = null, bool Flag = false);

/// <summary>A compiled regular expression: instructions for <see cref="PatternMatcher"/>.</summary>
/// <param name="Instructions">The program.</param>
/// <param name="GroupCount">Capturing groups; registers 2n and 2n+1 are the bounds of group n, 0 the whole.</param>
/// <param name="RegisterCount">Those and the ones that watch loops.</param>
/// <param name="IgnoresCase">The flag i.</param>
internal sealed record PatternProgram(
    PatternInstruction[] Instructions, int GroupCount, int RegisterCount, bool IgnoresCase)
{
    /// <summary>The character every match begins with, if there is one.</summary>
    public char? FirstCharacter { get; } =
        !IgnoresCase && Instructions is [{ Operation: PatternOperation.Take, Flag: false, Set.Single: { } first }, ..]
            ? first
            : null;

    /// <summary>As JavaScript compares without case: capital letters, unless that made one ASCII.</summary>
    public static char Folded(char character)
    {
        var upper = char.ToUpperInvariant(character);
        return character >= 128 && upper < 128 ? character : upper;
    }
}
