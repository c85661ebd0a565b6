using System.Diagnostics.CodeAnalysis;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>
/// Runs a <see cref="PatternProgram"/> over a text by trying and going back, as JavaScript defines it, with a stack of
/// its own. Every instruction counts as a step of the evaluation, so a pattern that would try for hours ends with the
/// evaluation's limit, after the same step on every machine; a library's engine offers only a time-out for that.
/// </summary>
internal sealed class PatternMatcher(PatternProgram program, string text, Evaluation run)
{
    private const int None = -1;
    private const int InstructionsPerStep = 4;

    /// <summary>Some 50 MB.</summary>
    private const int RememberedMax = 4_000_000;

    // A choice has a place to go on at, an entry of a register what it held before.
    private readonly List<(int Instruction, int Value, bool IsRegister)> undone = [];
    private readonly int[] registers = new int[program.RegisterCount];
    private int uncharged;

    /// <summary>The first match that begins at <paramref name="start"/> or further on.</summary>
    public bool TryFind(int start, [NotNullWhen(true)] out PatternMatch? match)
    {
        for (var place = start; place <= text.Length; place++)
        {
            if (program.FirstCharacter is { } first)
            {
                var next = text.IndexOf(first, place);
                run.Charge(((next < 0 ? text.Length : next) - place) / 64);
                if (next < 0)
                {
                    break;
                }

                place = next;
            }

            Array.Fill(registers, None);
            undone.Clear();
            var end = Run(0, place);
            if (end >= 0)
            {
                match = new PatternMatch(place, end, Groups());
                return true;
            }
        }

        match = null;
        return false;
    }

    private string?[] Groups()
    {
        var groups = new string?[program.GroupCount];
        for (var number = 1; number <= groups.Length; number++)
        {
            var (from, to) = (registers[2 * number], registers[(2 * number) + 1]);
            groups[number - 1] = from >= 0 && to >= from ? text[from..to] : null;
        }

        return groups;
    }

    /// <summary>Where a match of the program from here on ends, or <see cref="None"/>.</summary>
    private int Run(int instruction, int place)
    {
        var floor = undone.Count;
        while (true)
        {
            if (++uncharged >= InstructionsPerStep)
            {
                run.Charge(1);
                uncharged = 0;
            }

            ref readonly var current = ref program.Instructions[instruction];
            switch (current.Operation)
            {
                case PatternOperation.Done:
                    KeepRegisters(floor);
                    return place;
                case PatternOperation.Split:
                    Remember(current.Y, place, isRegister: false);
                    instruction = current.X;
                    continue;
                case PatternOperation.Jump:
                    instruction = current.X;
                    continue;
                case PatternOperation.Note:
                    Set(current.X, place);
                    instruction++;
                    continue;
                case PatternOperation.Forget:
                    for (var register = current.X; register < current.Y; register++)
                    {
                        Set(register, None);
                    }

                    instruction++;
                    continue;
            }

            var next = current.Operation == PatternOperation.Look ? Look(instruction, place) : Step(current, place);
            if (next >= 0)
            {
                instruction = current.Operation == PatternOperation.Look ? current.X : instruction + 1;
                place = next;
            }
            else if (!GoBack(floor, ref instruction, ref place))
            {
                return None;
            }
        }
    }

    /// <summary>The place behind one instruction that takes or tests, or <see cref="None"/>.</summary>
    private int Step(in PatternInstruction current, int place)
    {
        switch (current.Operation)
        {
            case PatternOperation.Take:
                var taken = current.Flag ? place - 1 : place;
                return taken >= 0 && taken < text.Length && current.Set!.Has(text[taken])
                    ? current.Flag ? taken : taken + 1
                    : None;
            case PatternOperation.Reference:
                return Repeat(current, place);
            case PatternOperation.Progress:
                return registers[current.X] != place ? place : None;
            default:
                return IsAt(current.Operation, place) ? place : None;
        }
    }

    private bool IsAt(PatternOperation operation, int place) => operation switch
    {
        PatternOperation.TextStart => place == 0,
        PatternOperation.TextEnd => place == text.Length,
        PatternOperation.LineStart => place == 0 || CharacterSet.LineEnds.Has(text[place - 1]),
        PatternOperation.LineEnd => place == text.Length || CharacterSet.LineEnds.Has(text[place]),
        _ => (IsWord(place - 1) != IsWord(place)) == (operation == PatternOperation.WordBoundary),
    };

    private bool IsWord(int place) => place >= 0 && place < text.Length && CharacterSet.Words.Has(text[place]);

    /// <summary>A group that captured nothing is found everywhere.</summary>
    private int Repeat(in PatternInstruction current, int place)
    {
        var (from, to) = (registers[2 * current.X], registers[(2 * current.X) + 1]);
        if (from < 0 || to < from)
        {
            return place;
        }

        var length = to - from;
        var start = current.Flag ? place - length : place;
        if (start < 0 || start + length > text.Length)
        {
            return None;
        }

        run.Charge(length / 16);
        for (var offset = 0; offset < length; offset++)
        {
            var (one, other) = (text[from + offset], text[start + offset]);
            if (one != other
                && (!program.IgnoresCase || PatternProgram.Folded(one) != PatternProgram.Folded(other)))
            {
                return None;
            }
        }

        return current.Flag ? start : start + length;
    }

    /// <summary>A test takes nothing; what it captured stays, unless it is one that must fail.</summary>
    private int Look(int instruction, int place)
    {
        var isNegative = program.Instructions[instruction].Flag;
        var floor = undone.Count;
        var isFound = Run(instruction + 1, place) >= 0;
        if (isNegative && isFound)
        {
            var (none, nowhere) = (0, 0);
            while (GoBack(floor, ref none, ref nowhere))
            {
            }
        }

        return isFound != isNegative ? place : None;
    }

    private void Set(int register, int value)
    {
        Remember(register, registers[register], isRegister: true);
        registers[register] = value;
    }

    private void Remember(int instruction, int value, bool isRegister)
    {
        if (undone.Count >= RememberedMax)
        {
            throw new ExpressionException("D1012", "A regular expression has too many ways to match a text");
        }

        undone.Add((instruction, value, isRegister));
    }

    private bool GoBack(int floor, ref int instruction, ref int place)
    {
        while (undone.Count > floor)
        {
            var (last, value, isRegister) = undone[^1];
            undone.RemoveAt(undone.Count - 1);
            if (!isRegister)
            {
                (instruction, place) = (last, value);
                return true;
            }

            registers[last] = value;
        }

        return false;
    }

    /// <summary>
    /// After a success the other ways are not tried any more, but what was noted can still be undone.
    /// </summary>
    private void KeepRegisters(int floor)
    {
        var kept = floor;
        for (var index = floor; index < undone.Count; index++)
        {
            if (undone[index].IsRegister)
            {
                undone[kept++] = undone[index];
            }
        }

        undone.RemoveRange(kept, undone.Count - kept);
    }
}

/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Groups">What each group captured; null for one that took no part.</param>
internal sealed record PatternMatch(int Start, int End, string?[] Groups);
