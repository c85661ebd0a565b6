using System.Security.Cryptography;

namespace Lambent.Server;

/// <summary>Traces: where calls belong, and what is kept and sent of it.</summary>
internal sealed partial class ServerParts
{
    private CallTraces Traces { get; set; } = null!;

    private void OpenTraces(ServerOptions options, StorageParts storage)
    {
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Traces = new CallTraces(seed, options.Time);
    }
}
