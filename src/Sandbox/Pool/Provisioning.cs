namespace Lambent.Sandbox.Pool;

/// <summary>How far a version's provisioned environments are.</summary>
/// <param name="Allocated">Ready ones and those being started.</param>
/// <param name="Available">Ready ones, with or without a call in them.</param>
/// <param name="LastError">Why the last start failed, until one succeeds.</param>
public sealed record ProvisionedStatus(int Allocated, int Available, string? LastError);

/// <summary>
/// How many environments of a version are to be there always, and when to try again after one did not start. Guarded
/// by the lock of the version's pool.
/// </summary>
internal sealed class Provisioning
{
    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(1);

    private int failures;
    private long retryTimestamp;

    public int Wanted { get; private set; }

    /// <summary>Being started, besides replacements of old ones.</summary>
    public int Starting { get; private set; }

    public string? LastError { get; private set; }

    public void Want(int count)
    {
        Wanted = count;
        (failures, retryTimestamp) = (0, 0);
        LastError = count == 0 ? null : LastError;
    }

    /// <summary>How many to start now, counted as started.</summary>
    public int TakeMissing(int ready, long nowTimestamp)
    {
        if (nowTimestamp < retryTimestamp)
        {
            return 0;
        }

        var missing = Math.Max(0, Wanted - ready - Starting);
        Starting += missing;
        return missing;
    }

    public void Started()
    {
        Starting--;
        (failures, LastError) = (0, null);
    }

    /// <summary>Each failure in a row doubles the time until the next start.</summary>
    public void Failed(string error, long nowTimestamp, long timestampFrequency)
    {
        Starting--;
        LastError = error;
        var wait = Math.Min(RetryMax.TotalSeconds, RetryMin.TotalSeconds * Math.Pow(2, Math.Min(failures, 16)));
        failures++;
        retryTimestamp = nowTimestamp + (long)(wait * timestampFrequency);
    }
}
