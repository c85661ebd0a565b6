using System.Text.RegularExpressions;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// Knows which events a function has seen. The function cannot reach out of its sandbox, so it says them in its log,
/// which the server keeps and answers.
/// </summary>
internal static partial class EventWitness
{
    /// <summary>Slow enough that events still wait when the server is killed.</summary>
    public const string Handler = """
        export const handler = async (event) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
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
