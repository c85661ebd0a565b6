namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>A part of a regular expression as it was read.</summary>
internal abstract record PatternNode;

internal sealed record EmptyPattern : PatternNode;

/// <summary>One character of a set, or one that is not of it.</summary>
internal sealed record SetPattern(CharacterSet Set, bool IsNegative = false) : PatternNode;

internal sealed record SequencePattern(IReadOnlyList<PatternNode> Parts) : PatternNode;

internal sealed record ChoicePattern(IReadOnlyList<PatternNode> Options) : PatternNode;

/// <param name="Number">From 1; 0 for a group that captures nothing.</param>
internal sealed record GroupPattern(int Number, PatternNode Inner) : PatternNode;

/// <param name="Maximum">Null: any number.</param>
/// <param name="FirstGroup">The first capturing group within, as they are cleared before each turn.</param>
/// <param name="EndGroup">The number behind the last one.</param>
internal sealed record RepeatPattern(
    PatternNode Inner, int Minimum, int? Maximum, bool IsGreedy, int FirstGroup, int EndGroup) : PatternNode;

/// <summary>`^`, `$`, `\b`, `\B`: a place between characters.</summary>
internal sealed record PlacePattern(PatternOperation Operation) : PatternNode;

internal sealed record LookPattern(PatternNode Inner, bool IsBehind, bool IsNegative) : PatternNode;

/// <summary>`\1` or `\k&lt;name&gt;`: what a group has captured, once more.</summary>
internal sealed record ReferencePattern(int Group) : PatternNode;
