using Lambent.Server.Native;
using Microsoft.AspNetCore.Builder;

namespace Lambent.Server;

/// <summary>What the operator sees of the machine.</summary>
internal sealed partial class ServerParts
{
    private NodeOperations nodeOperations = null!;

    private void OpenNode(ServerOptions options, AccessParts access, EnvironmentParts environments) =>
        nodeOperations = new NodeOperations(
            options, environments.Pool, Processors, access.Functions.Directory, options.Time.GetUtcNow());

    public void MapNode(WebApplication app) => nodeOperations.Map(Native, app);
}
