using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Metrics;

/// <summary>What the operator asks for, durable; read from memory.</summary>
internal sealed class RateBook(IStore store)
{
    private const string Setting = "metering.rates";

    private RateHistory history = RateHistory.Empty;

    public RateHistory History => Volatile.Read(ref history);

    public void Load() => Volatile.Write(ref history, store.Read(Read));

    /// <summary>Rates that count from a time on.</summary>
    public async Task<Result<RateHistory>> SetAsync(Rates rates, CancellationToken cancellation)
    {
        var written = await store.WriteAsync<RateHistory>(
            transaction =>
            {
                var changed = Read(transaction).With(rates);
                if (changed.IsSuccess)
                {
                    var document = changed.Value.Changes.Select(change => new RateDocument(
                        change.From, change.PerGigabyteSecond, change.PerMillionRequests, change.Currency)).ToArray();
                    transaction.Settings.Put(
                        Setting, JsonSerializer.SerializeToUtf8Bytes(document, RateJson.Default.RateDocumentArray));
                }

                return changed;
            },
            cancellation);
        if (written.IsSuccess)
        {
            // Read anew, so that of two changes at a time the later one is what is left.
            Load();
        }

        return written;
    }

    private static RateHistory Read(ITransaction transaction) => transaction.Settings.Get(Setting) is { } bytes
        ? new RateHistory
        {
            Changes =
            [
                .. JsonSerializer.Deserialize(bytes, RateJson.Default.RateDocumentArray)!.Select(change => new Rates(
                    change.From, change.PerGigabyteSecond, change.PerMillionRequests, change.Currency)),
            ],
        }
        : RateHistory.Empty;
}

internal sealed record RateDocument(
    DateTimeOffset From, decimal PerGigabyteSecond, decimal PerMillionRequests, string Currency);

[JsonSerializable(typeof(RateDocument[]))]
internal sealed partial class RateJson : JsonSerializerContext;
