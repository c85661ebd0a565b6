using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Native;

/// <summary>Reads a schedule from a request of /v1.</summary>
internal static class ScheduleRequestReader
{
    /// <summary>AWS's API shows a role of every target; rights here do not come from it.</summary>
    private const string RoleName = "lambent-scheduler";

    public static Result<(ScheduleSettings Settings, ScheduleOptions Options)> Read(
        ScheduleId id, PutScheduleRequest request, string region)
    {
        if (Check(id, request) is { } invalid)
        {
            return invalid;
        }

        if (Target(id, request, region).Failed(out var target, out invalid))
        {
            return invalid;
        }

        var settings = new ScheduleSettings
        {
            Expression = request.Expression!,
            Zone = request.Zone ?? "UTC",
            StartAt = request.StartAt?.ToUniversalTime(),
            EndAt = request.EndAt?.ToUniversalTime(),
            WindowMinutes = request.WindowMinutes,
            IsEnabled = request.Enabled ?? true,
            Target = target,
            Description = request.Description,
            DeletesWhenOver = request.DeleteWhenOver ?? false,
        };
        return (settings, new ScheduleOptions
        {
            RunsMax = request.Runs,
            Misfire = ScheduleWords.Misfire(request.Misfire)!.Value,
            Overlap = ScheduleWords.Overlap(request.Overlap)!.Value,
        });
    }

    private static Error? Check(ScheduleId id, PutScheduleRequest request)
    {
        if (!ScheduleId.IsName(id.Name) || !ScheduleId.IsName(id.Group))
        {
            return Invalid("Names have 1 to 64 letters, digits, hyphens, underscores and dots.", "name");
        }

        var violations = new ConstraintViolations();
        violations.Required(request.Expression, "expression");
        violations.Length(request.Zone, "zone", 1, Limits.ScheduleZoneLengthMax);
        violations.Range(request.WindowMinutes, "windowMinutes", 1, Limits.ScheduleWindowMinutesMax);
        violations.Range(request.Retries, "retries", 0, Limits.ScheduleRetriesMax);
        violations.Range(
            request.AgeSeconds, "ageSeconds", Limits.ScheduleAgeSecondsMin, Limits.ScheduleAgeSecondsMax);
        violations.Range(request.Runs, "runs", 1, int.MaxValue);
        violations.Length(request.Description, "description", 0, Limits.ScheduleDescriptionLengthMax);
        violations.Length(request.Input, "input", 1, int.MaxValue);
        violations.Length(request.MessageGroup, "messageGroup", 1, Limits.MessageGroupIdLengthMax);
        if (violations.ToError() is { } invalid)
        {
            return invalid;
        }

        if (ScheduleWords.Misfire(request.Misfire) is null)
        {
            return Invalid($"misfire is fire-last, fire-all or skip, not '{request.Misfire}'.", "misfire");
        }

        return ScheduleWords.Overlap(request.Overlap) is null
            ? Invalid($"overlap is allow, skip or queue, not '{request.Overlap}'.", "overlap")
            : CheckTarget(request);
    }

    private static Error? CheckTarget(PutScheduleRequest request)
    {
        string?[] targets = [request.Function, request.Queue, request.StateMachine];
        if (targets.Count(target => target is not null) != 1)
        {
            return Invalid("A schedule has one target: function, queue or stateMachine.", "function");
        }

        if (request.Overlap is "skip" or "queue" && request.Queue is not null)
        {
            return Invalid(
                $"overlap {request.Overlap} is for functions and state machines: whether a message is still being "
                + "worked on is not known.",
                "overlap");
        }

        if (request.Queue is { } queue && !QueueId.IsName(queue))
        {
            return Invalid($"'{queue}' is not the name of a queue.", "queue");
        }

        return request.DeadLetterQueue is { } deadLetter && !QueueId.IsName(deadLetter)
            ? Invalid($"'{deadLetter}' is not the name of a queue.", "deadLetterQueue")
            : null;
    }

    private static Result<ScheduleTarget> Target(ScheduleId id, PutScheduleRequest request, string region)
    {
        string arn;
        if (request.Queue is { } queue)
        {
            arn = new QueueId(id.Account, queue).Arn(region);
        }
        else
        {
            var (named, field) = request.Function is { } function
                ? (function, "function")
                : (request.StateMachine!, "stateMachine");
            var parts = named.Split(':');
            if (parts.Length > 2 || parts.Any(part => part.Length is 0 or > Limits.AliasNameLengthMax))
            {
                return Invalid($"'{named}' is not NAME or NAME:QUALIFIER.", field);
            }

            var bare = request.Function is null
                ? new StateMachineId(id.Account, parts[0]).Arn(region)
                : DeliveryTarget.OfFunction(new FunctionId(id.Account, parts[0])).Arn(region);
            arn = parts.Length == 1 ? bare : $"{bare}:{parts[1]}";
        }

        return new ScheduleTarget
        {
            Arn = arn,
            RoleArn = $"arn:aws:iam::{id.Account}:role/{RoleName}",
            Input = request.Input,
            MessageGroupId = request.MessageGroup,
            DeadLetterArn = request.DeadLetterQueue is { } name ? new QueueId(id.Account, name).Arn(region) : null,
            RetriesMax = request.Retries,
            AgeSecondsMax = request.AgeSeconds,
        };
    }

    private static Error Invalid(string message, string field) => ScheduleErrors.Invalid(message, field);
}
