namespace Lambent.Kernel.Errors;

/// <summary>Which occurrences of a group are kept whole: the first, the last few, and ever fewer between.</summary>
public static class SampleRule
{
    /// <summary>The newest that are kept.</summary>
    public const int NewestKept = 4;

    /// <summary>Occurrences kept of one group.</summary>
    public const int SamplesMax = 12;

    private const long Step = 8;

    /// <param name="number">Of the occurrence, from 1.</param>
    /// <param name="count">How many there are now.</param>
    public static bool IsKept(long number, long count) => number > count - NewestKept || IsMilestone(number);

    /// <summary>1, 8, 64, 512 ... up to the number that leaves room for the newest.</summary>
    public static bool IsMilestone(long number)
    {
        var milestone = 1L;
        for (var index = 0; index < SamplesMax - NewestKept; index++, milestone *= Step)
        {
            if (milestone == number)
            {
                return true;
            }
        }

        return false;
    }
}
