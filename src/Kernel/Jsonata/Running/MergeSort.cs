namespace Lambent.Kernel.Jsonata.Running;

/// <summary>
/// A stable sort that asks one question at a time: the order is an expression's, so it may contradict itself, which
/// the library's sorts do not promise to survive.
/// </summary>
internal static class MergeSort
{
    /// <param name="items">What is sorted.</param>
    /// <param name="isAfter">Whether the first belongs behind the second.</param>
    public static T[] Sort<T>(IEnumerable<T> items, Func<T, T, bool> isAfter)
    {
        T[] from = [.. items];
        var to = new T[from.Length];
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
            {
                var middle = Math.Min(start + width, from.Length);
                Merge(from, to, start, middle, Math.Min(middle + width, from.Length), isAfter);
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Func<T, T, bool> isAfter)
    {
        var (left, right) = (start, middle);
        for (var index = start; index < end; index++)
        {
            var takesLeft = left < middle && (right >= end || !isAfter(from[left], from[right]));
            to[index] = takesLeft ? from[left++] : from[right++];
        }
    }
}
