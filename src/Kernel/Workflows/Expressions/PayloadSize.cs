using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>
/// How long a value is as JSON, found without writing it: a template can put the same large input in a thousand places,
/// which costs nothing until somebody writes it down. What is nested deeper than can be read back counts as too long.
/// </summary>
public static class PayloadSize
{
    /// <summary>Takes time in proportion to the smaller of the value and the bound.</summary>
    public static bool Exceeds(DataValue value, int maximumBytes) => Left(value, maximumBytes) < 0;

    /// <summary>
    /// What is left of the room, or below zero when there is none. Escapes are not counted: text that needs them is
    /// longer when it is written, and the caller that writes it counts the bytes it made.
    /// </summary>
    internal static int Left(DataValue value, int room, int depth = 1)
    {
        if (depth > DataReader.MaximumDepth)
        {
            return -1;
        }

        switch (value)
        {
            case DataText text:
                return text.Value.Length > room ? -1 : room - Encoding.UTF8.GetByteCount(text.Value) - 2;
            case DataNumber number:
                return room - number.Text.Length;
            case DataArray array:
                room -= 2;
                for (var index = 0; index < array.Items.Count && room >= 0; index++)
                {
                    room = Left(array.Items[index], room - (index == 0 ? 0 : 1), depth + 1);
                }

                return room;
            case DataObject members:
                room -= 2;
                var isFirst = true;
                foreach (var (name, member) in members.Members)
                {
                    room = Left(member, room - Encoding.UTF8.GetByteCount(name) - (isFirst ? 3 : 4), depth + 1);
                    if (room < 0)
                    {
                        return room;
                    }

                    isFirst = false;
                }

                return room;
            default:
                return room - (value is DataBoolean { Value: false } ? 5 : 4);
        }
    }
}
