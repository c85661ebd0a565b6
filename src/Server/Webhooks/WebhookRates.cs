using System.Collections.Concurrent;

namespace Lambent.Server.Webhooks;

/// <summary>Bounds how fast each webhook takes requests: a bucket of tokens, as many as two seconds bring.</summary>
internal sealed class WebhookRates(TimeProvider time)
{
    private const int BurstSeconds = 2;

    /// <summary>More buckets than there are webhooks in use; beyond it all start anew.</summary>
    private const int BucketsMax = 20_000;

    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>False when the webhook has had its share.</summary>
    /// <param name="token">Of a webhook that exists.</param>
    /// <param name="rateMax">Requests a second on average.</param>
    public bool TryTake(string token, int rateMax)
    {
        if (buckets.Count > BucketsMax)
        {
            buckets.Clear();
        }

        var bucket = buckets.GetOrAdd(token, _ => new Bucket(rateMax * BurstSeconds, time.GetTimestamp()));
        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Tokens = Math.Min(
                rateMax * BurstSeconds, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * rateMax));
            bucket.At = now;
            if (bucket.Tokens < 1)
            {
                return false;
            }

            bucket.Tokens--;
            return true;
        }
    }

    private sealed class Bucket(double tokens, long at)
    {
        public double Tokens { get; set; } = tokens;

        public long At { get; set; } = at;
    }
}
