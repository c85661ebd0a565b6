using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/executions and /v1/machines: executions of state machines with what AWS has no call for. The whole journal, a
/// timeline, the graph, pausing and skipping, stopping and redriving many.
/// </summary>
internal sealed class ExecutionOperations(
    ExecutionService executions, ExecutionViews views, ExecutionBulk bulk, string region, TimeProvider time)
{
    private const string Path = "/v1/executions/{machine}/{name}";
    private const int WaitSecondsMax = 60;
    private const int ListDefault = 50;
    private const int PageMax = 1_000;

    private static readonly TimeSpan LookFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookLast = TimeSpan.FromSeconds(1);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/machines", ListMachinesAsync);
        endpoints.Map(routes, "GET", "/v1/executions", ListAsync);
        endpoints.Map(routes, "POST", "/v1/executions/stop", StopManyAsync);
        endpoints.Map(routes, "POST", "/v1/executions/redrive", RedriveManyAsync);
        endpoints.Map(routes, "GET", Path, GetAsync);
        endpoints.Map(routes, "GET", $"{Path}/journal", JournalAsync);
        endpoints.Map(routes, "GET", $"{Path}/timeline", TimelineAsync);
        endpoints.Map(routes, "GET", $"{Path}/graph", GraphAsync);
        endpoints.Map(routes, "GET", $"{Path}/iterations", IterationsAsync);
        endpoints.Map(routes, "POST", $"{Path}/pause", (http, who, _) => ChangeAsync(
            http, who, executions.PauseAsync, "It is paused already, or has ended."));
        endpoints.Map(routes, "POST", $"{Path}/resume", (http, who, _) => ChangeAsync(
            http, who, executions.ResumeAsync, "It is not paused."));
        endpoints.Map(routes, "POST", $"{Path}/stop", StopAsync);
        endpoints.Map(routes, "POST", $"{Path}/redrive", RedriveAsync);
        endpoints.Map(routes, "POST", $"{Path}/skip", SkipAsync);
        endpoints.Map(routes, "POST", $"{Path}/events/{{event}}", SendEventAsync);
    }

    private async Task<Error?> ListMachinesAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        if (ExecutionRequests.Number(query, "limit", PageMax, 1, PageMax).Failed(out var limit, out var wrong))
        {
            return wrong;
        }

        var page = views.Machines(principal.Account, (string?)query["after"] ?? "", limit);
        var answers = page.Select(view => new MachineAnswer(
            view.Machine.Id.Name,
            view.Machine.Id.Arn(region),
            view.Machine.Type == StateMachineType.Express ? "express" : "standard",
            view.Machine.IsDeleting,
            view.Machine.Revision,
            view.RunningCount,
            view.FailedCount,
            view.Last?.StartedAt,
            view.Last?.Id.Name,
            view.Last is { } last ? ExecutionAnswer.StatusName(last.Status) : null,
            view.Machine.CreatedAt,
            view.Machine.UpdatedAt));
        var next = page.Count == limit ? page[^1].Machine.Id.Name : null;
        await NativeEndpoints.WriteAsync(
            http, 200, new MachinesAnswer([.. answers], next), ExecutionJson.Default.MachinesAnswer);
        return null;
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        ExecutionStatus? status = null;
        if ((string?)query["status"] is { } named)
        {
            if (ExecutionRequests.Status(named).Failed(out var known, out var unknown))
            {
                return unknown;
            }

            status = known;
        }

        if (ExecutionRequests.Number(query, "limit", ListDefault, 1, PageMax).Failed(out var limit, out var wrong)
            || ExecutionRequests.Position(query["after"]).Failed(out var position, out wrong)
            || ExecutionRequests.Conditions(query["where"]).Failed(out var where, out wrong))
        {
            return wrong;
        }

        var machine = (string?)query["machine"] is { Length: > 0 } of ? of : null;
        var page = executions.List(
            principal.Account, new ExecutionFilter(machine, status, position?.Before, position?.Key, where), limit);
        var next = page.Count == limit ? ExecutionRequests.Text(ExecutionPosition.Of(page[^1])) : null;
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new ExecutionsAnswer([.. page.Select(record => ExecutionAnswer.From(record, region))], next),
            ExecutionJson.Default.ExecutionsAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ExecutionRequests.Number(http.Request.Query, "wait", 0, 0, WaitSecondsMax)
            .Failed(out var seconds, out var wrong))
        {
            return wrong;
        }

        var found = Find(http, principal);
        if (found.IsSuccess && seconds > 0)
        {
            found = await EndedAsync(found.Value, TimeSpan.FromSeconds(seconds), http.RequestAborted);
        }

        return found.Failed(out var record, out var missing) ? missing : await WriteAsync(http, record);
    }

    /// <summary>The execution when it has ended, or as it is when the time is over.</summary>
    private async Task<ExecutionRecord> EndedAsync(
        ExecutionRecord record, TimeSpan most, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var pause = LookFirst;
        while (record.Status == ExecutionStatus.Running && time.GetElapsedTime(began) < most)
        {
            await Task.Delay(pause, time, cancellation);
            pause = pause * 1.5 < LookLast ? pause * 1.5 : LookLast;
            record = executions.Find(record.Id) ?? record;
        }

        return record;
    }

    private async Task<Error?> JournalAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        if (ExecutionRequests.Number(query, "limit", PageMax, 1, PageMax).Failed(out var limit, out var wrong)
            || ExecutionRequests.Number(query, "from", 1, 1, int.MaxValue).Failed(out var from, out wrong)
            || ExecutionRequests.Types(query["type"]).Failed(out var types, out wrong)
            || Find(http, principal).Failed(out var record, out wrong))
        {
            return wrong;
        }

        // One more than is wanted says whether there are more. Whole writes are read: what lies before is left out.
        List<JournalEvent> read = [];
        long next = from;
        while (read.Count <= limit)
        {
            var more = executions.Journal(record, next, limit + 1)
                .Where(happened => happened.Sequence >= next)
                .ToList();
            if (more.Count == 0)
            {
                break;
            }

            read.AddRange(more.Where(happened => types.Count == 0 || types.Contains(happened.Type)));
            next = more[^1].Sequence + 1;
        }

        var isMore = read.Count > limit;
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new JournalAnswer(
                [.. read.Take(limit).Select(JournalEventAnswer.From)], isMore ? read[limit].Sequence : null),
            ExecutionJson.Default.JournalAnswer);
        return null;
    }

    private async Task<Error?> TimelineAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        if (ExecutionRequests.Number(query, "limit", PageMax, 1, PageMax).Failed(out var limit, out var wrong)
            || ExecutionRequests.Number(query, "from", 0, 0, int.MaxValue).Failed(out var from, out wrong)
            || Find(http, principal).Failed(out var record, out wrong)
            || views.TimelineOf(record).Failed(out var timeline, out wrong))
        {
            return wrong;
        }

        var end = Math.Min((long)from + limit, timeline.Rows.Count);
        var answer = new TimelineAnswer
        {
            Machine = record.Id.Machine,
            Name = record.Id.Name,
            Status = ExecutionAnswer.StatusName(record.Status),
            IsPaused = record.IsPaused,
            Error = record.Error,
            Cause = record.Cause,
            StartedAt = timeline.StartedAt,
            StoppedAt = timeline.StoppedAt,
            Now = time.GetUtcNow(),
            Rows = [.. timeline.Rows.Skip(from).Take(limit)],
            Pauses = timeline.Pauses,
            Redrives = timeline.Redrives,
            RowCount = timeline.Rows.Count,
            Next = end < timeline.Rows.Count ? (int)end : null,
        };
        await NativeEndpoints.WriteAsync(http, 200, answer, ExecutionJson.Default.TimelineAnswer);
        return null;
    }

    private async Task<Error?> IterationsAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var query = http.Request.Query;
        ExecutionStatus? status = null;
        if ((string?)query["status"] is { } named)
        {
            if (ExecutionRequests.Status(named).Failed(out var known, out var unknown))
            {
                return unknown;
            }

            status = known;
        }

        if (ExecutionRequests.Number(query, "limit", ListDefault, 1, PageMax).Failed(out var limit, out var wrong)
            || ExecutionRequests.Number(query, "after", int.MaxValue, 1, int.MaxValue).Failed(out var after, out wrong)
            || Find(http, principal).Failed(out var record, out wrong))
        {
            return wrong;
        }

        var page = executions.ChildrenOf(record)
            .Where(child => child.Number < after && (status is null || child.Status == status))
            .OrderByDescending(child => child.Number)
            .Take(limit)
            .ToList();
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new IterationsAnswer(
                [.. page.Select(child => IterationAnswer.From(record, child, region))],
                page.Count == limit ? page[^1].Number : null),
            ExecutionJson.Default.IterationsAnswer);
        return null;
    }

    private async Task<Error?> GraphAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Find(http, principal).Failed(out var record, out var wrong)
            || views.GraphOf(record).Failed(out var graph, out wrong))
        {
            return wrong;
        }

        var status = ExecutionAnswer.StatusName(record.Status);
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new GraphAnswer(record.Id.Machine, record.Id.Name, status, graph),
            ExecutionJson.Default.GraphAnswer);
        return null;
    }

    private Task<Error?> StopAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body) =>
        ExecutionRequests.Stop(body).Failed(out var request, out var wrong)
            ? Task.FromResult<Error?>(wrong)
            : ChangeAsync(
                http, principal, id => executions.StopAsync(id, request.Error, request.Cause), "It has ended.");

    private Task<Error?> RedriveAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Find(http, principal).Failed(out var record, out var wrong))
        {
            return Task.FromResult<Error?>(wrong);
        }

        return ExecutionBulk.IsTooOld(record, time.GetUtcNow())
            ? Task.FromResult<Error?>(new Error(
                ErrorCode.ExecutionNotRedrivable, "It ended too long ago: an execution is redriven within 14 days."))
            : ChangeAsync(
                http,
                principal,
                id => executions.RedriveAsync(id),
                "It runs, or has succeeded.",
                ErrorCode.ExecutionNotRedrivable);
    }

    private Task<Error?> SkipAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ExecutionRequests.Skip(body).Failed(out var skip, out var wrong))
        {
            return Task.FromResult<Error?>(wrong);
        }

        return ChangeAsync(
            http,
            principal,
            id => executions.SkipAsync(id, skip.State, skip.Output),
            $"It is not in the state '{skip.State}', or that is one that cannot be skipped.");
    }

    /// <summary>The body is what comes with the event: JSON, or nothing.</summary>
    private async Task<Error?> SendEventAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ExecutionRequests.Event(http.Request, body).Failed(out var sent, out var wrong)
            || Find(http, principal).Failed(out var record, out wrong)
            || (await executions.SendEventAsync(record.Id, sent.Name, sent.Data, sent.Key))
                .Failed(out var isNew, out wrong))
        {
            return wrong;
        }

        await NativeEndpoints.WriteAsync(
            http,
            200,
            new SentEventAnswer(record.Id.Machine, record.Id.Name, sent.Name, isNew),
            ExecutionJson.Default.SentEventAnswer);
        return null;
    }

    private async Task<Error?> ChangeAsync(
        HttpContext http,
        Principal principal,
        Func<ExecutionId, Task<Result<bool>>> change,
        string refusal,
        ErrorCode code = ErrorCode.WorkflowConflict)
    {
        if (Find(http, principal).Failed(out var record, out var missing))
        {
            return missing;
        }

        if ((await change(record.Id)).Failed(out var isDone, out var failure))
        {
            return failure;
        }

        return isDone
            ? await WriteAsync(http, executions.Find(record.Id) ?? record)
            : new Error(code, $"{record.Id.Machine}/{record.Id.Name} is as it was. {refusal}");
    }

    private async Task<Error?> StopManyAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (ExecutionRequests.Bulk(body, isRedrive: false).Failed(out var read, out var wrong))
        {
            return wrong;
        }

        var (wish, request) = read;
        return await WriteAsync(http, await bulk.StopAsync(
            principal.Account, wish, request.Error, request.Cause, http.RequestAborted));
    }

    private async Task<Error?> RedriveManyAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body) =>
        ExecutionRequests.Bulk(body, isRedrive: true).Failed(out var read, out var wrong)
            ? wrong
            : await WriteAsync(http, await bulk.RedriveAsync(principal.Account, read.Wish, http.RequestAborted));

    private static async Task<Error?> WriteAsync(HttpContext http, Result<BulkOutcome> done)
    {
        if (done.Failed(out var outcome, out var failure))
        {
            return failure;
        }

        var next = outcome.Next is { } position ? ExecutionRequests.Text(position) : null;
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new BulkAnswer(outcome.Changed, outcome.Refused, next),
            ExecutionJson.Default.BulkAnswer);
        return null;
    }

    private async Task<Error?> WriteAsync(HttpContext http, ExecutionRecord record)
    {
        var (input, output) = executions.Payloads(record);
        var answer = ExecutionAnswer.From(record, region) with
        {
            Input = input,
            Output = output,
            CurrentStates = views.CurrentStatesOf(record),
            Definition = executions.RevisionOf(record)?.Definition,
        };
        await NativeEndpoints.WriteAsync(http, 200, answer, ExecutionJson.Default.ExecutionAnswer);
        return null;
    }

    private Result<ExecutionRecord> Find(HttpContext http, Principal principal)
    {
        var id = new ExecutionId(
            principal.Account,
            http.Request.RouteValues["machine"] as string ?? "",
            http.Request.RouteValues["name"] as string ?? "");
        return executions.Find(id) is { } record ? record : WorkflowErrors.ExecutionNotFound(id, region);
    }
}
