using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lambent.EndToEnd.Servers;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Deadline
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer satisfies, and fails with the last answer when the deadline passes.</summary>
    public static async Task<T> PollAsync<T>(
        Func<Task<T>> ask,
        Func<T, bool> satisfies,
        TimeSpan limit,
        [CallerArgumentExpression(nameof(satisfies))] string? what = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}. The last answer was: {answer}");
            }

            await Task.Delay(PollInterval);
        }
    }

    public static Task PollAsync(
        Func<bool> holds, TimeSpan limit, [CallerArgumentExpression(nameof(holds))] string? what = null) =>
        PollAsync(() => Task.FromResult(holds()), held => held, limit, what);
}
