using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>How a redrive is named to clients: its id and its source, in Base64.</summary>
internal static class MoveTaskHandle
{
    public static string Write(MoveTask task, string region) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        new JsonObject { ["taskId"] = task.Id, ["sourceArn"] = task.Source.Arn(region) }.ToJsonString()));

    /// <summary>The task's id and its source, of the caller's own account.</summary>
    public static Result<(QueueId Source, string TaskId)> Read(string handle, AccountId account, string region)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(handle));
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("taskId", out var id) && id.ValueKind == JsonValueKind.String
                && root.TryGetProperty("sourceArn", out var arn) && arn.ValueKind == JsonValueKind.String)
            {
                return Source(arn.GetString()!, "SourceArn", account, region)
                    .Select(source => (source, id.GetString()!));
            }
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            // Said below, as for what can be read and is none.
        }

        return new Error(ErrorCode.InvalidParameter, "Value for parameter TaskHandle is invalid.", "TaskHandle");
    }

    /// <summary>The queue of an ARN. Another account's is as if it did not exist.</summary>
    public static Result<QueueId> Source(string arn, string parameter, AccountId account, string region) =>
        QueueId.FromArn(arn, region) is { } queue && queue.Account == account
            ? queue
            : new Error(
                ErrorCode.ResourceNotFound,
                $"The resource that you specified for the {parameter} parameter doesn't exist.",
                parameter);
}
