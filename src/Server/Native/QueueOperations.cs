using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Server.Insight;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/queues: how many messages wait, how fast they come and go, and why they wait.</summary>
internal sealed class QueueOperations(QueueInsight insight, Func<Uri> address, string region)
{
    private const int PageMax = 100;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/queues", ListAsync);
        endpoints.Map(routes, "GET", "/v1/queues/{name}", DescribeAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var after = http.Request.Query["after"].FirstOrDefault();
        var page = insight.List(principal.Account, after, PageMax + 1);
        var answer = new QueuesAnswer(
            [.. page.Take(PageMax).Select(report => QueueAnswer.From(report, address(), region))],
            page.Count > PageMax ? page[PageMax - 1].Queue.Id.Name : null);
        await NativeEndpoints.WriteAsync(http, 200, answer, QueueJson.Default.QueuesAnswer);
        return null;
    }

    private async Task<Error?> DescribeAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = new QueueId(principal.Account, (string)http.Request.RouteValues["name"]!);
        if (insight.Find(id) is not { } report)
        {
            return new Error(ErrorCode.QueueNotFound, $"There is no queue '{id.Name}' in this account.", "name");
        }

        await NativeEndpoints.WriteAsync(
            http, 200, QueueAnswer.From(report, address(), region), QueueJson.Default.QueueAnswer);
        return null;
    }
}
