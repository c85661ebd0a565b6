using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;
using Lambent.Load.Processes;

namespace Lambent.Load.Generators;

/// <summary>
/// Clients that each send a batch, receive what there is and delete it, again and again. The requests that do not
/// change are made once; all of them are signed one by one, because receipt handles differ.
/// </summary>
internal sealed class QueueLoad
{
    private const int BatchMax = 10;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private readonly SqsClient queues;
    private readonly string queue;
    private readonly int serverProcessId;
    private readonly byte[] send;
    private readonly byte[] receive;

    /// <param name="queues">Where.</param>
    /// <param name="queue">An empty queue of this name.</param>
    /// <param name="bytes">Of each message.</param>
    /// <param name="serverProcessId">Whose processor time is counted.</param>
    public QueueLoad(SqsClient queues, string queue, int bytes, int serverProcessId)
    {
        this.queues = queues;
        this.queue = queue;
        this.serverProcessId = serverProcessId;
        var entries = new JsonArray(
            [.. Enumerable.Range(0, BatchMax).Select(index => new JsonObject
            {
                ["Id"] = $"{index}", ["MessageBody"] = new string('x', bytes),
            })]);
        send = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["QueueUrl"] = queues.Url(queue), ["Entries"] = entries });
        receive = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["QueueUrl"] = queues.Url(queue), ["MaxNumberOfMessages"] = BatchMax });
    }

    /// <summary>Sends for a while, and ends when everything sent was received and deleted.</summary>
    public async Task<QueueRound> RunAsync(int clients, TimeSpan duration, CancellationToken cancellation)
    {
        var serverBefore = ProcessTree.ProcessorSeconds(serverProcessId);
        var clientBefore = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var sent = 0L;
        var deleted = 0L;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync, cancellation)));
        while (deleted < sent)
        {
            deleted += await ReceiveAndDeleteAsync(cancellation);
            if (Stopwatch.GetElapsedTime(started) > duration + DrainLimit)
            {
                throw new BenchFailureException($"{sent - deleted} of {sent} messages did not come.");
            }
        }

        return new QueueRound(
            deleted,
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            ProcessTree.ProcessorSeconds(serverProcessId) - serverBefore,
            (Environment.CpuUsage.TotalTime - clientBefore).TotalSeconds);

        async Task ClientAsync()
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                SqsClient.RefuseFailures(await queues.CallAsync("SendMessageBatch", send, cancellation));
                Interlocked.Add(ref sent, BatchMax);
                Interlocked.Add(ref deleted, await ReceiveAndDeleteAsync(cancellation));
            }
        }
    }

    private async Task<int> ReceiveAndDeleteAsync(CancellationToken cancellation)
    {
        var handles = ReceiptHandles(await queues.CallAsync("ReceiveMessage", receive, cancellation));
        if (handles.Count > 0)
        {
            await queues.DeleteAsync(queue, handles, cancellation);
        }

        return handles.Count;
    }

    /// <summary>The receipt handles of an answer to ReceiveMessage.</summary>
    public static IReadOnlyList<string> ReceiptHandles(ReadOnlySpan<byte> answer)
    {
        var handles = new List<string>(BatchMax);
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("ReceiptHandle"u8))
            {
                reader.Read();
                handles.Add(reader.GetString()!);
            }
        }

        return handles;
    }
}
