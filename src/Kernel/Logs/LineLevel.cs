namespace Lambent.Kernel.Logs;

/// <summary>How grave a line says it is. The numbers are stored; they grow with gravity.</summary>
public enum LineLevel
{
    /// <summary>The line says nothing.</summary>
    None = 0,
    Trace = 1,
    Debug = 2,
    Info = 3,
    Warn = 4,
    Error = 5,
    Fatal = 6,
}
