using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Server.Alerts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/alerts: who is to be told of what, and what was told.</summary>
internal sealed class AlertOperations(AlertService alerts, TimeProvider time)
{
    private const int HistoryPage = 50;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/alerts", ListAsync);
        endpoints.Map(routes, "PUT", "/v1/alerts/{name}", PutAsync);
        endpoints.Map(routes, "GET", "/v1/alerts/{name}", ShowAsync);
        endpoints.Map(routes, "DELETE", "/v1/alerts/{name}", DeleteAsync);
        endpoints.Map(routes, "GET", "/v1/alerts/{name}/history", HistoryAsync);
        endpoints.Map(routes, "POST", "/v1/alerts/{name}/test", TestAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var answer = new AlertsAnswer([.. alerts.List(principal.Account).Select(AlertAnswer.From)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, AlertJson.Default.AlertsAnswer);
        return null;
    }

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, AlertJson.Default.AlertRequest).Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        if (request.ToRule(Id(http, principal), time.GetUtcNow()).Failed(out var rule, out var wrong))
        {
            return wrong;
        }

        return await AnswerAsync(http, await alerts.PutAsync(rule, http.RequestAborted));
    }

    private Task<Error?> ShowAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body) =>
        AnswerAsync(http, alerts.Find(Id(http, principal)));

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var deleted = await alerts.DeleteAsync(Id(http, principal), http.RequestAborted);
        if (deleted.IsSuccess)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return deleted.Error;
    }

    private async Task<Error?> HistoryAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var limit = HistoryPage;
        if (http.Request.Query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > Limits.AlertChangesMax))
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"limit must be a whole number from 1 to {Limits.AlertChangesMax}.",
                "limit");
        }

        var before = http.Request.Query["before"].ToString() is { Length: > 0 } id ? id : null;
        if (alerts.History(Id(http, principal), before, limit + 1).Failed(out var changes, out var missing))
        {
            return missing;
        }

        var page = changes.Take(limit).Select(change => new AlertChangeAnswer(
            change.Id,
            change.At,
            AlertAnswer.Word(change.From),
            AlertAnswer.Word(change.To),
            change.Value,
            change.Text));
        var answer = new AlertHistoryAnswer([.. page], changes.Count > limit ? changes[limit - 1].Id : null);
        await NativeEndpoints.WriteAsync(http, 200, answer, AlertJson.Default.AlertHistoryAnswer);
        return null;
    }

    private async Task<Error?> TestAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if ((await alerts.TestAsync(Id(http, principal), http.RequestAborted)).Failed(out var tested, out var failure))
        {
            return failure;
        }

        var answer = new AlertTestAnswer(tested.Sample.Value, tested.Sample.Samples, tested.Told);
        await NativeEndpoints.WriteAsync(http, 200, answer, AlertJson.Default.AlertTestAnswer);
        return null;
    }

    private static async Task<Error?> AnswerAsync(HttpContext http, Result<Alert> found)
    {
        if (found.Failed(out var alert, out var failure))
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(http, 200, AlertAnswer.From(alert), AlertJson.Default.AlertAnswer);
        return null;
    }

    private static AlertId Id(HttpContext http, Principal principal) =>
        new(principal.Account, (string)http.Request.RouteValues["name"]!);
}
