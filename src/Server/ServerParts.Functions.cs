using Lambent.Server.Native;
using Microsoft.AspNetCore.Builder;

namespace Lambent.Server;

/// <summary>What is seen of functions beside the Lambda API.</summary>
internal sealed partial class ServerParts
{
    private FunctionListOperations functionList = null!;

    private void OpenFunctionList(StorageParts storage, AccessParts access) =>
        functionList = new FunctionListOperations(access.Functions.Directory, storage.Telemetry.Store);

    public void MapFunctionList(WebApplication app) => functionList.Map(Native, app);
}
