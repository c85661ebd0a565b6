using System.Text.RegularExpressions;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// Knows which events a function has seen. The function cannot reach out of its sandbox, so it says them in its log,
/// which the server keeps and answers.
/// </summary>
internal static partial class EventWitness
{
    /// <summary>
    /// An event may hold its environment until a time. Behind one that does, others wait; so they are accepted by the
    /// server that is killed, and run by the one whose log is read.
    /// </summary>
    public const string Handler = """
        export const handler = async (event) => {
          const left = (event.until ?? 0) - Date.now();
          if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
          console.log(`seen [${event.id}]`);
        };
        """;

    public static async Task<IReadOnlySet<int>> SeenAsync(LambdaClient lambda, string function)
    {
        var answer = await lambda.GetAsync($"/v1/logs?function={function}&since=1h&limit=10000");
        answer.Status.ShouldBe(200, answer.ToString());
        return Seen().Matches(answer.Text).Select(match => int.Parse(match.Groups[1].Value)).ToHashSet();
    }

    [GeneratedRegex(@"seen \[(\d+)\]")]
    private static partial Regex Seen();
}
