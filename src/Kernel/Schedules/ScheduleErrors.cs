namespace Lambent.Kernel.Schedules;

/// <summary>Failures that more than one operation gives, in the words of AWS's scheduler.</summary>
public static class ScheduleErrors
{
    public static Error NotFound(string name) =>
        new(ErrorCode.ScheduleNotFound, $"Schedule {name} does not exist.", "Name");

    public static Error GroupNotFound(string name) =>
        new(ErrorCode.ScheduleNotFound, $"Schedule group {name} does not exist.", "GroupName");

    public static Error Exists(string name) =>
        new(ErrorCode.ResourceConflict, $"Schedule {name} already exists.", "Name");

    public static Error GroupExists(string name) =>
        new(ErrorCode.ResourceConflict, $"Schedule group {name} already exists.", "Name");

    public static Error Invalid(string message, string field) => new(ErrorCode.ValidationFailed, message, field);
}
