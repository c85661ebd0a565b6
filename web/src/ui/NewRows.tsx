import { Icon } from './Icon';
import './NewRows.css';

/** Says that rows came in above, and shows them when it is pressed. It takes no room, so nothing moves. */
export function NewRows({ count, isMore, onShow }: { count: number; isMore?: boolean; onShow: () => void }) {
  return (
    <div className="new-rows" role="status">
      {count > 0 && (
        <button type="button" onClick={onShow}>
          <Icon name="up" size={12} />
          {count}
          {isMore ? ' and more' : ''} new
        </button>
      )}
    </div>
  );
}
