using Lambent.Server.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

internal sealed class LogOperations(TelemetryService telemetry)
{
    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes) =>
        endpoints.Map(routes, "GET", "/v1/logs", async (http, _, _) =>
        {
            foreach (var line in telemetry.Lines) { await http.Response.WriteAsync(line.Text); }
            return null;
        });
}
