import './Moment.css';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The time of day, with the day when it is another one: it does not change while it is read, as "3 s ago" would. */
export function Moment({ at }: { at: string }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <time
      className="moment mono"
      dateTime={date.toISOString()}
      title={`${date.toLocaleString()} · ${date.toISOString()}`}
    >
      {!isToday && `${day.format(date)} `}
      {clock.format(date)}
      <span className="faint moment-rest">.{String(date.getMilliseconds()).padStart(3, '0')}</span>
    </time>
  );
}
