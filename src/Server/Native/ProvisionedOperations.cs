using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// /v1/functions/{name}/provisioned: provisioned concurrency, also at times of the week, which AWS has in another
/// service.
/// </summary>
internal sealed class ProvisionedOperations(
    FunctionService functions,
    ConcurrencyReservations reservations,
    ProvisionedEnvironments provisioned,
    FunctionArns arns,
    TimeProvider time,
    Func<string> newId)
{
    private const string Path = "/v1/functions/{function}/provisioned";

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", Path, ListAsync);
        endpoints.Map(routes, "PUT", Path + "/{qualifier}", PutAsync);
        endpoints.Map(routes, "DELETE", Path + "/{qualifier}", DeleteAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = Function(http, principal);
        if (functions.Directory.Find(id) is not { } snapshot)
        {
            return FunctionErrors.NotFound(arns.Function(id));
        }

        var answers = provisioned.Describe(snapshot)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => ProvisionedAnswer.From(entry.Key, entry.Value));
        await NativeEndpoints.WriteAsync(
            http, 200, new ProvisionedListAnswer(id.Name, [.. answers]), NativeJson.Default.ProvisionedListAnswer);
        return null;
    }

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, NativeJson.Default.ProvisionRequest).Failed(out var request, out var unreadable)
            || Windows(request).Failed(out var windows, out unreadable))
        {
            return unreadable;
        }

        if (request.Count is < 0)
        {
            return FunctionErrors.InvalidParameter("count must be 0 or more.", "count");
        }

        var id = Function(http, principal);
        var qualifier = Part(http, "qualifier");
        var change = new ProvisioningChange(qualifier, request.Count, windows);
        var changed = await reservations.ProvisionAsync(Context(id), id, change, http.RequestAborted);
        if (changed.Failed(out _, out var refused))
        {
            return refused;
        }

        if (functions.Directory.Find(id) is not { } snapshot
            || !provisioned.Describe(snapshot).TryGetValue(qualifier, out var state))
        {
            return FunctionErrors.NotFound(arns.Function(id), qualifier);
        }

        await NativeEndpoints.WriteAsync(
            http, 200, ProvisionedAnswer.From(qualifier, state), NativeJson.Default.ProvisionedAnswer);
        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var id = Function(http, principal);
        var command = new UnprovisionConcurrency(Part(http, "qualifier"));
        var context = Context(id);
        var changed = await functions.ChangeAsync(
            id, (state, _) => UnprovisionConcurrency.Apply(state, command, context), http.RequestAborted);
        if (changed.Failed(out _, out var refused))
        {
            return refused;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static Result<ImmutableArray<ProvisionedWindow>?> Windows(ProvisionRequest request)
    {
        if (request.Windows is not { } shapes)
        {
            return default(ImmutableArray<ProvisionedWindow>?);
        }

        if (shapes.Count > Limits.ProvisionedWindowsMax)
        {
            return FunctionErrors.InvalidParameter(
                $"At most {Limits.ProvisionedWindowsMax} windows are allowed, not {shapes.Count}.", "windows");
        }

        var windows = ImmutableArray.CreateBuilder<ProvisionedWindow>(shapes.Count);
        foreach (var shape in shapes)
        {
            if ((shape ?? new WindowShape(null, null, null, null, null)).ToWindow()
                .Failed(out var window, out var invalid))
            {
                return invalid;
            }

            windows.Add(window);
        }

        return windows.ToImmutable();
    }

    private CommandContext Context(FunctionId id) => new(arns.Function(id), time.GetUtcNow(), newId);

    private static FunctionId Function(HttpContext http, Principal principal) =>
        new(principal.Account, Part(http, "function"));

    private static string Part(HttpContext http, string name) => http.Request.RouteValues[name] as string ?? "";
}
