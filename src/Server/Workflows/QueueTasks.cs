using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Queues;

namespace Lambent.Server.Workflows;

/// <summary>
/// <c>arn:aws:states:::sqs:sendMessage</c>: the message is sent in the transaction that records it as sent, so it is
/// sent once whatever breaks.
/// </summary>
internal sealed class QueueTasks(QueueSignals signals, Func<string> newId, TimeProvider time) : ITaskCaller
{
    public string Service => "sqs";

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var account = execution.Record.Id.Account;
        if (Read(task, account).Failed(out var message, out var wrong))
        {
            return TaskEnding.Failed("SQS.InvalidParameterValueException", wrong.Message);
        }

        var queue = message.Queue;
        var request = message.Request with
        {
            TraceHeader = ExecutionTrace.HeaderOfTask(execution.Record, task.Number),
        };
        var messageId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        await runner.AddAsync(execution.Handle, new StoredWork(
            task.Number,
            task.Token is not null,
            transaction => MessageSender.Put(transaction, queue, request, messageId, account.Value, time.GetUtcNow())
                .Select<DataValue>(sent => AnswerOf(queue, request, sent)),
            () => signals.Signal(queue, 1)));
        return null;
    }

    private DataObject AnswerOf(QueueId queue, SendRequest request, SentMessage sent)
    {
        var answer = new OrderedDictionary<string, DataValue>
        {
            ["MD5OfMessageBody"] = MessageDigest.OfBody(request.Body),
        };
        if (MessageDigest.OfAttributes(request.Attributes) is { } digest)
        {
            answer["MD5OfMessageAttributes"] = digest;
        }

        answer["MessageId"] = sent.Id;
        if (queue.IsFifo)
        {
            answer["SequenceNumber"] = SystemAttributes.SequenceNumber(sent.Sequence);
        }

        return new DataObject(answer).With(AwsAnswer.With(newId()));
    }

    private static Result<(QueueId Queue, SendRequest Request)> Read(OpenTask task, AccountId account)
    {
        var parameters = task.Parameters;
        if ((parameters["QueueUrl"] as DataText)?.Value is not { } url || QueueOf(url, account) is not { } queue)
        {
            return Wrong("QueueUrl", "must be the URL of a queue of this account");
        }

        if (parameters["MessageBody"] is not { } body)
        {
            return Wrong("MessageBody", "is missing");
        }

        if (parameters["DelaySeconds"] is { } given and not DataNumber)
        {
            return Wrong("DelaySeconds", $"must be a number and is {given.Kind}");
        }

        if (AttributesOf(parameters["MessageAttributes"]).Failed(out var attributes, out var wrong))
        {
            return wrong;
        }

        return (queue, new SendRequest
        {
            Body = body is DataText text ? text.Value : body.ToString(),
            Attributes = attributes,
            DelaySeconds = parameters["DelaySeconds"] is DataNumber delay ? (int)delay.Value : null,
            GroupId = (parameters["MessageGroupId"] as DataText)?.Value,
            DeduplicationId = (parameters["MessageDeduplicationId"] as DataText)?.Value,
        });
    }

    private static Result<ImmutableSortedDictionary<string, MessageAttribute>> AttributesOf(DataValue? given)
    {
        var attributes = MessageContent.NoAttributes;
        if (given is null)
        {
            return attributes;
        }

        if (given is not DataObject members)
        {
            return Wrong("MessageAttributes", $"must be an object and is {given.Kind}");
        }

        foreach (var (name, value) in members.Members)
        {
            if ((value["DataType"] as DataText)?.Value is not { } type)
            {
                return Wrong($"MessageAttributes.{name}.DataType", "is missing");
            }

            var text = (value["StringValue"] as DataText)?.Value;
            byte[]? bytes = null;
            if ((value["BinaryValue"] as DataText)?.Value is { } encoded)
            {
                bytes = new byte[encoded.Length];
                if (!Convert.TryFromBase64String(encoded, bytes, out var length))
                {
                    return Wrong($"MessageAttributes.{name}.BinaryValue", "is not Base64");
                }

                bytes = bytes[..length];
            }

            attributes = attributes.Add(name, new MessageAttribute(type, text, bytes));
        }

        return attributes;
    }

    /// <summary>A queue's URL ends with its account and name, whatever the host.</summary>
    private static QueueId? QueueOf(string url, AccountId account)
    {
        var parts = url.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2 && parts[^2] == account.Value ? new QueueId(account, parts[^1]) : null;
    }

    private static Error Wrong(string field, string what) =>
        new(ErrorCode.InvalidParameter, $"The field '{field}' {what}.", field);
}
