using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>
/// Turns what was read into instructions. Counted repetitions are written out, so their size is bounded.
/// </summary>
internal sealed class PatternWriter(int position, int groupCount, bool ignoresCase)
{
    private const int InstructionsMax = 20_000;
    private readonly List<PatternInstruction> instructions = [];
    private int registers = 2 * (groupCount + 1);

    public PatternProgram Write(PatternNode pattern)
    {
        Write(pattern, isBackward: false);
        Add(new PatternInstruction(PatternOperation.Done));
        return new PatternProgram([.. instructions], groupCount, registers, ignoresCase);
    }

    private void Write(PatternNode pattern, bool isBackward)
    {
        switch (pattern)
        {
            case SetPattern one:
                Add(new PatternInstruction(PatternOperation.Take, Set: Prepared(one), Flag: isBackward));
                break;
            case SequencePattern sequence:
                foreach (var part in isBackward ? sequence.Parts.Reverse() : sequence.Parts)
                {
                    Write(part, isBackward);
                }

                break;
            case ChoicePattern choice:
                WriteChoice(choice, isBackward);
                break;
            case GroupPattern { Number: 0 } group:
                Write(group.Inner, isBackward);
                break;
            case GroupPattern group:
                Add(new PatternInstruction(PatternOperation.Note, (2 * group.Number) + (isBackward ? 1 : 0)));
                Write(group.Inner, isBackward);
                Add(new PatternInstruction(PatternOperation.Note, (2 * group.Number) + (isBackward ? 0 : 1)));
                break;
            case RepeatPattern repeat:
                WriteRepeat(repeat, isBackward);
                break;
            case PlacePattern place:
                Add(new PatternInstruction(place.Operation));
                break;
            case ReferencePattern reference:
                Add(new PatternInstruction(PatternOperation.Reference, reference.Group, Flag: isBackward));
                break;
            case LookPattern look:
                var start = Add(default);
                Write(look.Inner, look.IsBehind);
                Add(new PatternInstruction(PatternOperation.Done));
                instructions[start] = new PatternInstruction(
                    PatternOperation.Look, instructions.Count, Flag: look.IsNegative);
                break;
        }
    }

    private void WriteChoice(ChoicePattern choice, bool isBackward)
    {
        var ends = new List<int>();
        for (var index = 0; index < choice.Options.Count - 1; index++)
        {
            var split = Add(default);
            Write(choice.Options[index], isBackward);
            ends.Add(Add(default));
            instructions[split] = new PatternInstruction(PatternOperation.Split, split + 1, instructions.Count);
        }

        Write(choice.Options[^1], isBackward);
        foreach (var end in ends)
        {
            instructions[end] = new PatternInstruction(PatternOperation.Jump, instructions.Count);
        }
    }

    private void WriteRepeat(RepeatPattern repeat, bool isBackward)
    {
        for (var turn = 0; turn < repeat.Minimum; turn++)
        {
            WriteTurn(repeat, isBackward);
        }

        if (repeat.Maximum is not { } maximum)
        {
            // split body, end; body; jump to the split
            var split = Add(default);
            WriteWatched(repeat, isBackward);
            Add(new PatternInstruction(PatternOperation.Jump, split));
            instructions[split] = Split(repeat.IsGreedy, split + 1, instructions.Count);
            return;
        }

        var splits = new List<int>();
        for (var turn = repeat.Minimum; turn < maximum; turn++)
        {
            splits.Add(Add(default));
            WriteWatched(repeat, isBackward);
        }

        foreach (var split in splits)
        {
            instructions[split] = Split(repeat.IsGreedy, split + 1, instructions.Count);
        }
    }

    private static PatternInstruction Split(bool isGreedy, int body, int end) => isGreedy
        ? new PatternInstruction(PatternOperation.Split, body, end)
        : new PatternInstruction(PatternOperation.Split, end, body);

    private void WriteTurn(RepeatPattern repeat, bool isBackward)
    {
        if (repeat.EndGroup > repeat.FirstGroup)
        {
            Add(new PatternInstruction(PatternOperation.Forget, 2 * repeat.FirstGroup, 2 * repeat.EndGroup));
        }

        Write(repeat.Inner, isBackward);
    }

    /// <summary>A turn that may be left out must take something, or a loop would never end.</summary>
    private void WriteWatched(RepeatPattern repeat, bool isBackward)
    {
        if (repeat.Inner is SetPattern)
        {
            WriteTurn(repeat, isBackward);
            return;
        }

        var register = registers++;
        Add(new PatternInstruction(PatternOperation.Note, register));
        WriteTurn(repeat, isBackward);
        Add(new PatternInstruction(PatternOperation.Progress, register));
    }

    /// <summary>Without case, a set has all characters that fold to one of its own.</summary>
    private CharacterSet Prepared(SetPattern pattern)
    {
        var set = ignoresCase ? WithBothCases(pattern.Set) : pattern.Set;
        return pattern.IsNegative ? set.Others() : set;
    }

    private static CharacterSet WithBothCases(CharacterSet set)
    {
        var ranges = new List<(char, char)>(set.Ranges);
        foreach (var (first, last) in set.Ranges)
        {
            // Great ranges have both cases; looking at each of their characters would be for nothing.
            for (int code = first; code <= Math.Min(last, first + 1_000); code++)
            {
                var folded = PatternProgram.Folded((char)code);
                var lower = char.ToLowerInvariant(folded);
                ranges.Add((folded, folded));
                if (PatternProgram.Folded(lower) == folded)
                {
                    ranges.Add((lower, lower));
                }
            }
        }

        return new CharacterSet(ranges);
    }

    private int Add(PatternInstruction instruction)
    {
        if (instructions.Count >= InstructionsMax)
        {
            throw new ExpressionException("S0603", "A regular expression repeats too much", position);
        }

        instructions.Add(instruction);
        return instructions.Count - 1;
    }
}
