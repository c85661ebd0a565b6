namespace Lambent.Sandbox.Pool;

/// <summary>A place given to a waiting call; handed over outside the pool's lock.</summary>
internal readonly record struct Grant(TaskCompletionSource<EnvironmentLease>? Waiter, EnvironmentLease Lease)
{
    public void Complete() => Waiter?.TrySetResult(Lease);

    public static void Complete(List<Grant> grants)
    {
        foreach (var grant in grants)
        {
            grant.Complete();
        }
    }
}
