using System.Collections.Concurrent;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.RuntimeApi;

/// <summary>The Runtime API of each environment with a custom runtime, found by the environment's id.</summary>
public sealed class RuntimeApiDirectory(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RuntimeApiChannel> channels = new(StringComparer.Ordinal);

    /// <summary>The API of an environment, or null when it has none.</summary>
    public RuntimeApiChannel? Find(string environmentId) => channels.GetValueOrDefault(environmentId);

    internal RuntimeApiChannel Open(SandboxProcess process, EnvironmentLog log)
    {
        var channel = new RuntimeApiChannel(process, log, time);
        channels[process.EnvironmentId] = channel;
        _ = ForgetAsync(channel, process.EnvironmentId);
        return channel;
    }

    private async Task ForgetAsync(RuntimeApiChannel channel, string environmentId)
    {
        await channel.Closed;
        channels.TryRemove(environmentId, out _);
    }
}
