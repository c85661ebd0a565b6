namespace Lambent.Kernel.Scaling;

/// <summary>What the environments of one version used, measured over one window of about a second.</summary>
/// <param name="CallTime">Calls in flight, integrated over the window: two calls for a second are two seconds.</param>
/// <param name="BusyTime">How long environments had a call in flight, added up.</param>
/// <param name="CallCount">Calls that began in it.</param>
/// <param name="ProcessorTime">What the environments used.</param>
/// <param name="WaitingTime">
/// How long their threads could have run and no processor was free for them; zero where the kernel does not count it.
/// </param>
/// <param name="CoresMax">What one environment can use at most: one for an interpreter with one thread.</param>
/// <param name="MemoryShare">
/// The highest part of its memory setting that one of them reached for the first time in this window; 0 when none grew.
/// </param>
/// <param name="CallsAtMemoryShare">Most calls that were in flight in that environment.</param>
public readonly record struct MeasuredUse(
    TimeSpan CallTime,
    TimeSpan BusyTime,
    long CallCount,
    TimeSpan ProcessorTime,
    TimeSpan WaitingTime,
    double CoresMax,
    double MemoryShare = 0,
    int CallsAtMemoryShare = 0);
