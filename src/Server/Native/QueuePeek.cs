using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/queues/NAME/messages and /groups: what lies in a queue, without taking it. Looking changes no receive count and
/// hides nothing from receivers.
/// </summary>
internal sealed class QueuePeek(IStore store, TimeProvider time)
{
    private const int MessagesDefault = 20;
    private const int MessagesMax = 100;
    private const int GroupsMax = 100;

    /// <summary>Characters of a body in a list; one message has all of it.</summary>
    private const int BodyShown = 2_000;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/queues/{name}/messages", (http, who, _) => ListAsync(http, who));
        endpoints.Map(routes, "GET", "/v1/queues/{name}/messages/{sequence}", (http, who, _) => GetAsync(http, who));
        endpoints.Map(routes, "GET", "/v1/queues/{name}/groups", (http, who, _) => GroupsAsync(http, who));
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal)
    {
        var query = http.Request.Query;
        var id = Id(http, principal);
        if (Number(query["after"], "after", 0, long.MaxValue, 0).Failed(out var after, out var wrong)
            || Number(query["limit"], "limit", 1, MessagesMax, MessagesDefault).Failed(out var limit, out wrong))
        {
            return wrong;
        }

        var group = (string?)query["group"] is { Length: > 0 } named ? named : null;
        var now = time.GetUtcNow();
        var answer = store.Read(transaction =>
        {
            if (transaction.Queues.Get(id) is not { } queue)
            {
                return null;
            }

            var states = transaction.Messages.After(queue.Lane, group, after, (int)limit + 1);
            var messages = states.Take((int)limit).Select(state => PeekedMessage.From(
                state, transaction.Messages.Content(queue.Lane, state.Sequence), now, BodyShown));
            return new PeekAnswer([.. messages], states.Count > limit ? Text(states[(int)limit - 1].Sequence) : null);
        });
        if (answer is null)
        {
            return NoQueue(id);
        }

        await NativeEndpoints.WriteAsync(http, 200, answer, PeekJson.Default.PeekAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal)
    {
        var id = Id(http, principal);
        var named = http.Request.RouteValues["sequence"] as string;
        if (Number(named, "sequence", 1, long.MaxValue, 0).Failed(out var sequence, out var wrong))
        {
            return wrong;
        }

        var (isThere, message) = store.Read(transaction =>
            transaction.Queues.Get(id) is not { } queue ? (false, null)
            : transaction.Messages.Find(queue.Lane, sequence) is not { } state ? (true, null)
            : (true, PeekedMessage.From(
                state, transaction.Messages.Content(queue.Lane, sequence), time.GetUtcNow(), int.MaxValue)));
        if (message is null)
        {
            return !isThere ? NoQueue(id) : new Error(
                ErrorCode.ResourceNotFound, $"There is no message {sequence} in '{id.Name}' any more.", "sequence");
        }

        await NativeEndpoints.WriteAsync(http, 200, message, PeekJson.Default.PeekedMessage);
        return null;
    }

    private async Task<Error?> GroupsAsync(HttpContext http, Principal principal)
    {
        var id = Id(http, principal);
        var now = time.GetUtcNow();
        var answer = store.Read(transaction =>
        {
            if (transaction.Queues.Get(id) is not { } queue)
            {
                return null;
            }

            var shares = transaction.Messages.Shares(
                queue.Lane, now, now - queue.Settings.Retention, GroupsMax + 1);
            return new GroupsAnswer(
                [.. shares.Take(GroupsMax).Select(share => GroupAnswer.From(share, now))],
                shares.Count <= GroupsMax);
        });
        if (answer is null)
        {
            return NoQueue(id);
        }

        await NativeEndpoints.WriteAsync(http, 200, answer, PeekJson.Default.GroupsAnswer);
        return null;
    }

    private static QueueId Id(HttpContext http, Principal principal) =>
        new(principal.Account, (string)http.Request.RouteValues["name"]!);

    private static Error NoQueue(QueueId id) =>
        new(ErrorCode.QueueNotFound, $"There is no queue '{id.Name}' in this account.", "name");

    private static string Text(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static Result<long> Number(string? text, string field, long least, long most, long otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number
        : new Error(
            ErrorCode.InvalidParameter, $"{field} must be a whole number from {least} to {most}.", field);
}
