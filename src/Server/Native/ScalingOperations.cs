using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Server.Functions;
using Lambent.Server.Scaling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/scaling/{name}: what the scale controller decided about a function or a queue, from which numbers, and whether
/// it would decide the same again.
/// </summary>
internal sealed class ScalingOperations(
    ScaleController controller, FunctionDirectory directory, FunctionArns arns)
{
    private const string Path = "/v1/scaling/{name}";

    /// <summary>All decisions of some hundred functions.</summary>
    private const int ReplayBytesMax = 32 * Limits.MiB;

    /// <summary>Differences that are listed; more of them say nothing more.</summary>
    private const int DifferencesMax = 100;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", Path, DescribeAsync);
        endpoints.Map(routes, "GET", Path + "/decisions", ListAsync);
        endpoints.Map(routes, "GET", Path + "/replay", ReplayAsync);
        endpoints.Map(routes, "POST", "/v1/scaling", ReplayGivenAsync, ReplayBytesMax);
    }

    private async Task<Error?> DescribeAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Find(http, principal).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var answer = new ScalingAnswer(found.Name, [.. found.Views.Select(ScalingControllerAnswer.Of)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, ScalingJson.Default.ScalingAnswer);
        return null;
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Find(http, principal).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var answer = new ScalingDecisionsAnswer(found.Name, [.. found.Views.Select(History)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, ScalingJson.Default.ScalingDecisionsAnswer);
        return null;
    }

    private async Task<Error?> ReplayAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Find(http, principal).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var answer = Replay(found.Views.Select(History));
        await NativeEndpoints.WriteAsync(http, 200, answer, ScalingJson.Default.ScalingReplayAnswer);
        return null;
    }

    private async Task<Error?> ReplayGivenAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, ScalingJson.Default.ScalingReplayRequest)
            .Failed(out var request, out var unreadable))
        {
            return unreadable;
        }

        if (request.Controllers is null || request.Controllers.Any(one => one?.Decisions is null)
            || request.Controllers.SelectMany(one => one!.Decisions).Any(record => record is null))
        {
            return FunctionErrors.InvalidParameter(
                "controllers must be those that GET /v1/scaling/NAME/decisions answered.", "controllers");
        }

        var answer = Replay(request.Controllers.Select(one => one!));
        await NativeEndpoints.WriteAsync(http, 200, answer, ScalingJson.Default.ScalingReplayAnswer);
        return null;
    }

    private static ScalingReplayAnswer Replay(IEnumerable<ScalingHistoryAnswer> histories)
    {
        var (replayed, differing) = (0, new List<ScalingDifferenceAnswer>());
        foreach (var history in histories)
        {
            foreach (var record in history.Decisions)
            {
                replayed++;
                var now = record.Replay();
                if (now != record.Decision && differing.Count < DifferencesMax)
                {
                    differing.Add(new ScalingDifferenceAnswer(
                        history.Controller, history.Function, history.Source, record.Number, record.At,
                        record.Decision, now));
                }
            }
        }

        return new ScalingReplayAnswer(replayed, differing);
    }

    private static ScalingHistoryAnswer History(ScalingView view) => new(
        ScalingControllerAnswer.NameOf(view), view.Function.Name, view.Version, view.Source?.Name, view.Records);

    private Result<(string Name, IReadOnlyList<ScalingView> Views)> Find(HttpContext http, Principal principal)
    {
        var name = http.Request.RouteValues["name"] as string ?? "";
        var views = controller.Describe(principal.Account, name);
        var id = new FunctionId(principal.Account, name);
        if (views.Count == 0 && directory.Find(id) is null)
        {
            return FunctionErrors.NotFound(arns.Function(id));
        }

        return (name, views);
    }
}
