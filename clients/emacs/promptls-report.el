;;; promptls-report.el --- What a prompt costs, and what is sent of it  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT
;; Author: The promptls developers

;;; Commentary:

;; The commands `promptls-report' and `promptls-render' of promptls.el.

;;; Code:

(require 'promptls)
(require 'tabulated-list)

(defvar-local promptls-report--source nil
  "The buffer that this report is about.")

(defvar-keymap promptls-report-mode-map
  :parent tabulated-list-mode-map
  "RET" #'promptls-report-visit)

(define-derived-mode promptls-report-mode tabulated-list-mode "Promptls"
  "Sections and references of a prompt with their costs.
\\<promptls-report-mode-map>\\[promptls-report-visit] goes to one, \
\\[tabulated-list-sort] sorts by the column at point."
  (setq tabulated-list-format
        [("Tokens" 10 promptls-report--fewer-p :right-align t)
         ("Sent" 10 promptls-report--fewer-p :right-align t)
         ("Budget" 8 promptls-report--fewer-p :right-align t)
         ("What" 0 t)])
  (setq tabulated-list-padding 1)
  (add-hook 'tabulated-list-revert-hook #'promptls-report--fill nil t)
  (tabulated-list-init-header))

(defun promptls-report--fewer-p (one other)
  "Whether the row ONE has a lower figure than OTHER in the column to sort by."
  (let ((column (tabulated-list--column-number (car tabulated-list-sort-key))))
    (< (promptls-report--number (aref (cadr one) column))
       (promptls-report--number (aref (cadr other) column)))))

(defun promptls-report--number (text)
  "The number in TEXT, -1 where there is none."
  (if (string-empty-p text) -1 (string-to-number (string-replace "," "" text))))

(defun promptls-report--row (part what)
  "A row for PART, a section or a reference, called WHAT.
To be called in the buffer of the prompt."
  (let ((figure (lambda (key)
                  (let ((number (plist-get part key)))
                    (if number (promptls--grouped number) ""))))
        (range (or (plist-get part :headRange) (plist-get part :range))))
    (list (copy-marker (car (eglot-range-region range)))
          (vector (funcall figure :tokens)
                  (funcall figure :expandedTokens)
                  (promptls--share (plist-get part :budget))
                  what))))

(defun promptls-report--rows ()
  "The rows for the prompt in the current buffer."
  (let ((report (promptls--ask :promptls/report)))
    (save-restriction
      (widen)
      (append
       (mapcar (lambda (section)
                 (promptls-report--row
                  section (concat (make-string (* 2 (max 0 (1- (plist-get section :level)))) ?\s)
                                  (plist-get section :title))))
               (plist-get report :sections))
       (mapcar (lambda (reference)
                 (let ((status (plist-get reference :status)))
                   (promptls-report--row
                    reference (concat "→ " (plist-get reference :target)
                                      (if (equal status "resolved") ""
                                        (format " (%s)" status))))))
               (plist-get report :references))))))

(defun promptls-report--fill ()
  "Ask for the rows anew."
  (setq tabulated-list-entries
        (if (buffer-live-p promptls-report--source)
            (with-current-buffer promptls-report--source (promptls-report--rows))
          (user-error "The prompt's buffer is gone"))))

(defun promptls-report-visit ()
  "Go to the section or reference of this row."
  (interactive nil promptls-report-mode)
  (let ((place (or (tabulated-list-get-id) (user-error "No row here"))))
    (pop-to-buffer (marker-buffer place))
    (goto-char place)))

;;;###autoload
(defun promptls-report ()
  "List the sections and references of this prompt with what they cost."
  (interactive)
  (promptls--server)
  (let ((source (current-buffer))
        (report (get-buffer-create (format "*promptls: %s*" (buffer-name)))))
    (with-current-buffer report
      (promptls-report-mode)
      (setq promptls-report--source source)
      (promptls-report--fill)
      (tabulated-list-print))
    (pop-to-buffer report)))

;;;###autoload
(defun promptls-render ()
  "Show what is sent of this prompt, with every reference filled in."
  (interactive)
  (let* ((rendered (promptls--ask :promptls/render))
         (tokens (promptls--grouped (plist-get rendered :tokens)))
         (view (get-buffer-create (format "*promptls sends: %s*" (buffer-name)))))
    (with-current-buffer view
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (plist-get rendered :text))
        (goto-char (point-min)))
      (special-mode)
      (setq header-line-format (concat " " tokens " tok are sent")))
    (pop-to-buffer view)))

(provide 'promptls-report)
;;; promptls-report.el ends here
