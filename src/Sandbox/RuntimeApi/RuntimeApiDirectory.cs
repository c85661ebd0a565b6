using System.Collections.Concurrent;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.RuntimeApi;

/// <summary>The Runtime API of each environment with a custom runtime, found by the environment's id.</summary>
public sealed class RuntimeApiDirectory(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RuntimeApiChannel?>> channels =
        new(StringComparer.Ordinal);

    /// <summary>
    /// The API of an environment, or null when it has none. Waits while the environment is being started: its process
    /// may be quicker than the host.
    /// </summary>
    public Task<RuntimeApiChannel?> FindAsync(string environmentId) =>
        channels.TryGetValue(environmentId, out var expected) ? expected.Task
            : Task.FromResult<RuntimeApiChannel?>(null);

    /// <summary>Called before the process starts; followed by <see cref="Open"/> or <see cref="Forget"/>.</summary>
    internal void Expect(string environmentId) =>
        channels[environmentId] = new TaskCompletionSource<RuntimeApiChannel?>(
            TaskCreationOptions.RunContinuationsAsynchronously);

    internal RuntimeApiChannel Open(SandboxProcess process, EnvironmentLog log)
    {
        var channel = new RuntimeApiChannel(process, log, time);
        channels[process.EnvironmentId].SetResult(channel);
        _ = ForgetAsync(channel, process.EnvironmentId);
        return channel;
    }

    internal void Forget(string environmentId)
    {
        if (channels.TryRemove(environmentId, out var expected))
        {
            expected.TrySetResult(null);
        }
    }

    private async Task ForgetAsync(RuntimeApiChannel channel, string environmentId)
    {
        await channel.Closed;
        Forget(environmentId);
    }
}
