using System.Text;
using System.Text.RegularExpressions;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Waits for the first message on a pipe whose other end a child has. The pipe stays open until this is disposed, since
/// a child that writes to a closed one dies of it.
/// </summary>
internal sealed unsafe partial class StatusPipe : IDisposable
{
    private const int BufferSize = 4096;

    private readonly Reactor reactor;
    private readonly Descriptor reader;
    private readonly TaskCompletionSource<string?> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong token;

    public StatusPipe(Reactor reactor, Descriptor reader)
    {
        this.reactor = reactor;
        this.reader = reader;
        reader.SetNonBlocking();
        reactor.Post(() => token = reactor.Add(reader, OnReadable));
    }

    /// <summary>
    /// The first message, which a writer writes at once; null when the other end was closed without any.
    /// </summary>
    public Task<string?> First => first.Task;

    /// <summary>bubblewrap's first process inside, from its status message; null when it is not one.</summary>
    public static int? ParseFirstProcess(string? message) =>
        message is not null && ChildProcess().Match(message) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public void Dispose() => reactor.Post(() =>
    {
        Unfollow();
        reader.Dispose();
    });

    private void OnReadable()
    {
        var buffer = stackalloc byte[BufferSize];
        var count = (int)Libc.Read(reader.Number, buffer, BufferSize);
        first.TrySetResult(count > 0 ? Encoding.UTF8.GetString(buffer, count) : null);
        Unfollow();
    }

    private void Unfollow()
    {
        if (token != 0)
        {
            reactor.Remove(token, reader);
            token = 0;
        }

        first.TrySetResult(null);
    }

    [GeneratedRegex("\"child-pid\": *([0-9]+)")]
    private static partial Regex ChildProcess();
}
